import { requireCounts, requireIntegers, UsageError } from '@ganloom/core';
import type { Picture } from '@ganloom/images';
import * as tf from '@tensorflow/tfjs';
import { receptiveRadius } from './receptive-radius';

/** Settings of {@link upscaleBands} and `upscale`. */
export interface UpscaleOptions {
  /** Side of the tiles in input pixels, without their surroundings; default 128. */
  readonly tile?: number;
  /**
   * Pixels of a tile's surroundings that the network sees besides; default: its
   * {@link receptiveRadius}, with which tiles give what the whole picture gives, to rounding.
   */
  readonly overlap?: number;
  /** Is told how many of the picture's pixels are done. */
  readonly onProgress?: (pixels: number) => void;
}

/**
 * How many times larger a super-resolution network makes a picture.
 *
 * @throws UsageError if the network does not enlarge, or by no integer.
 */
export function scaleOf(model: tf.LayersModel): number {
  const side = 8;
  const [, height, width, channels] = model.inputs[0]!.shape;
  const [outHeight, outWidth] = tf.tidy(() => {
    const probe = tf.zeros([1, height ?? side, width ?? side, channels!]);
    return (model.apply(probe, { training: false }) as tf.Tensor).shape.slice(1);
  }) as [number, number];
  const scale = outHeight / (height ?? side);
  if (!Number.isInteger(scale) || outWidth / (width ?? side) !== scale) {
    throw new UsageError(
      'scaleOf: a super-resolution network must enlarge both sides by one integer, ' +
        `got "${height ?? side}×${width ?? side} to ${outHeight}×${outWidth}"`,
    );
  }
  return scale;
}

/**
 * Enlarges a picture of any size by a super-resolution network for pictures of any size, and gives it
 * in bands of rows from top to bottom, each `scale·tile` rows high but the last.
 *
 * The network sees one tile at a time: memory is bounded by a band and the network's feature maps of
 * (tile + 2·overlap)² pixels, whatever the picture's size.
 *
 * @throws UsageError if the network takes pictures of another number of channels.
 */
export async function* upscaleBands(
  model: tf.LayersModel,
  picture: Picture,
  options: UpscaleOptions = {},
): AsyncGenerator<Picture, void, undefined> {
  const { tile = 128, overlap = receptiveRadius(model), onProgress } = options;
  const { height, width, channels } = picture;
  const wanted = model.inputs[0]!.shape[3]!;
  if (wanted !== channels) {
    throw new UsageError(
      `upscaleBands: the network takes pictures of ${wanted} channel(s), got ${channels}`,
    );
  }
  requireCounts('upscaleBands', { tile });
  requireIntegers('upscaleBands', { overlap }, { min: 0 });
  const scale = scaleOf(model);
  for (let top = 0; top < height; top += tile) {
    const rows = span(top, tile, overlap, height);
    const band = new Uint8Array(rows.size * scale * width * scale * channels);
    for (let left = 0; left < width; left += tile) {
      const columns = span(left, tile, overlap, width);
      const pixels = tf.tidy(() => {
        const seen = region(picture, rows, columns);
        const high = model.apply(seen, { training: false }) as tf.Tensor4D;
        const own = tf.slice(
          high,
          [0, rows.before * scale, columns.before * scale, 0],
          [1, rows.size * scale, columns.size * scale, channels],
        );
        return own.add(1).mul(127.5).clipByValue(0, 255).round();
      });
      const values = await pixels.data();
      pixels.dispose();
      const stride = columns.size * scale * channels;
      for (let y = 0; y < rows.size * scale; y++) {
        const row = values.subarray(y * stride, (y + 1) * stride);
        band.set(row, (y * width + left) * scale * channels);
      }
      onProgress?.(top * width + rows.size * (left + columns.size));
    }
    yield { data: band, height: rows.size * scale, width: width * scale, channels };
  }
}

/** {@link upscaleBands} put together to one picture. */
export async function upscale(
  model: tf.LayersModel,
  picture: Picture,
  options: UpscaleOptions = {},
): Promise<Picture> {
  const bands: Picture[] = [];
  for await (const band of upscaleBands(model, picture, options)) bands.push(band);
  const { width, channels } = bands[0]!;
  const height = bands.reduce((sum, band) => sum + band.height, 0);
  const data = new Uint8Array(height * width * channels);
  let at = 0;
  for (const band of bands) {
    data.set(band.data, at);
    at += band.data.length;
  }
  return { data, height, width, channels };
}

/** Where a tile lies along one side, and how much of its surroundings there is. */
interface Span {
  /** First position that the network sees. */
  readonly first: number;
  /** Positions that it sees. */
  readonly count: number;
  /** Seen positions before the tile's own. */
  readonly before: number;
  /** The tile's own positions. */
  readonly size: number;
}

function span(at: number, tile: number, overlap: number, side: number): Span {
  const size = Math.min(tile, side - at);
  const first = Math.max(0, at - overlap);
  return { first, count: Math.min(side, at + size + overlap) - first, before: at - first, size };
}

function region(picture: Picture, rows: Span, columns: Span): tf.Tensor4D {
  const { data, width, channels } = picture;
  const values = new Float32Array(rows.count * columns.count * channels);
  const stride = columns.count * channels;
  for (let y = 0; y < rows.count; y++) {
    const from = ((rows.first + y) * width + columns.first) * channels;
    for (let i = 0; i < stride; i++) values[y * stride + i] = data[from + i]! / 127.5 - 1;
  }
  return tf.tensor4d(values, [1, rows.count, columns.count, channels]);
}
