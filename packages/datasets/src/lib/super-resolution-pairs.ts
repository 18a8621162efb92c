import { type Dataset, RandomStream, requireCounts, usageError } from '@ganloom/core';
import { cropPicture, imresize, type Picture, toUnit } from '@ganloom/images';
import type { Size } from '@ganloom/images/node';
import * as tf from '@tensorflow/tfjs';
import { openPictureFiles, type PictureFilesOptions, type SkippedFile } from './picture-files';
import { requireIndices } from './require-indices';

/** Settings of {@link superResolutionPairs}. */
export interface SuperResolutionPairsOptions extends PictureFilesOptions {
  /** How many times larger the high-resolution pictures are, along each side. */
  readonly scale: number;
  /** Side of the high-resolution patches; a multiple of `scale`. Default 96. */
  readonly patch?: number;
  /** Patches that each picture counts for in `size`; default 100. */
  readonly patchesPerPicture?: number;
  /**
   * Pictures whose shorter side is longer are shrunk to it: photographs of many megapixels are soft
   * and noisy at the level of single pixels, and have little there to learn from. Default: as they are.
   */
  readonly shorterSide?: number;
  /** Default: the folder. */
  readonly name?: string;
}

/** High-resolution patches as `images` and what is left of them at low resolution. */
export type SuperResolutionBatch = {
  /** `[batch, patch, patch, channels]`, in [−1, 1]. */
  readonly images: tf.Tensor4D;
  /** `[batch, patch/scale, patch/scale, channels]`, in [−1, 1]. */
  readonly low: tf.Tensor4D;
};

/** A data set of patches of picture files at two resolutions. */
export interface SuperResolutionPairs extends Dataset {
  readonly scale: number;
  /** Relative to the folder. */
  readonly files: readonly string[];
  /** Grows when a file turns out to be broken on being decoded. */
  readonly skipped: readonly SkippedFile[];
  batch(indices: ArrayLike<number>, random?: RandomStream): Promise<SuperResolutionBatch>;
}

/** Pixels of the result beyond which MATLAB's bicubic reads nothing: its kernel ends at 2. */
const KERNEL_REACH = 2;

/**
 * Pairs of patches for super-resolution, from the PNG, JPEG and WebP pictures of a folder and those
 * below.
 *
 * The high-resolution patch is cut from a picture whose sides were cut to multiples of `scale`, at a
 * multiple of `scale`, and laid by one of the eight symmetries of the square. The low-resolution one
 * is the same part of {@link imresize} of the whole picture, as the test sets of the field are made:
 * it is made from the patch and a margin as wide as the bicubic kernel reaches, which gives the same
 * bytes. (Shrinking the bare patch would mirror it at its borders, which no real picture does.)
 *
 * Index i is a patch of picture ⌊i / patchesPerPicture⌋. Where it is cut and how it is laid is drawn
 * from the stream that `batch` is given; without one, from the index alone.
 *
 * Files that are broken or smaller than a patch are skipped, and memory is bounded, as in
 * `imageFolder`.
 *
 * @throws UsageError if a setting does not fit, and, by `batch`, for an index outside the set;
 *   GanloomError if the folder cannot be read or no file is of use.
 */
export async function superResolutionPairs(
  path: string,
  options: SuperResolutionPairsOptions,
): Promise<SuperResolutionPairs> {
  const { scale, patch = 96, patchesPerPicture = 100, shorterSide = Infinity } = options;
  const { channels = 3, name = path } = options;
  const where = `superResolutionPairs ${name}`;
  requireCounts(where, { scale, patch, patchesPerPicture });
  if (patch % scale !== 0) {
    throw usageError(where, `patch must be a multiple of scale (=${scale})`, patch);
  }
  const fit = ({ height, width }: Size): Size | string => {
    const zoom = Math.min(1, shorterSide / Math.min(height, width));
    const size = { height: Math.round(height * zoom), width: Math.round(width * zoom) };
    const usable = Math.floor(Math.min(size.height, size.width) / scale) * scale;
    const used = `${size.height}×${size.width} pixels`;
    return usable >= patch ? size : `is ${used}, smaller than a patch of ${patch}×${patch}`;
  };
  const pictures = await openPictureFiles(path, { where, fit }, options);
  const size = pictures.files.length * patchesPerPicture;
  const low = patch / scale;
  const ofIndex = RandomStream.fromSeed(0).fork('super-resolution-pairs');

  const pair = async (index: number, random: RandomStream) => {
    const [down, right, symmetry] = random.words(3) as unknown as [number, number, number];
    const { picture } = await pictures.read(Math.floor(index / patchesPerPicture));
    const at = (word: number, side: number) =>
      Math.floor((word / 2 ** 32) * (Math.floor(side / scale) - low + 1));
    const place = { top: at(down, picture.height), left: at(right, picture.width) };
    return { ...cutPair(picture, place, low, scale), symmetry };
  };

  return {
    name,
    size,
    scale,
    shapes: { images: [patch, patch, channels], low: [low, low, channels] },
    files: pictures.files,
    skipped: pictures.skipped,
    async batch(indices, random) {
      requireIndices(where, indices, size);
      const chosen = Array.from(indices);
      const pairs = await Promise.all(
        chosen.map((index) => pair(index, random ?? ofIndex.fork(`patch-${index}`))),
      );
      const tensorOf = (side: number, which: 'high' | 'low') => {
        const stride = side * side * channels;
        const values = new Float32Array(chosen.length * stride);
        pairs.forEach(({ symmetry, ...pictures }, i) =>
          toUnit(pictures[which], values.subarray(i * stride, (i + 1) * stride), {
            mirrored: (symmetry & 1) !== 0,
            turned: (symmetry & 2) !== 0,
            transposed: (symmetry & 4) !== 0,
          }),
        );
        return tf.tensor4d(values, [chosen.length, side, side, channels]);
      };
      return { images: tensorOf(patch, 'high'), low: tensorOf(low, 'low') };
    },
  };
}

/**
 * The patch of `low`×`low` low-resolution pixels at `top` and `left`, counted in such pixels, and
 * what it is made of.
 */
function cutPair(
  picture: Picture,
  { top, left }: { readonly top: number; readonly left: number },
  low: number,
  scale: number,
): { readonly high: Picture; readonly low: Picture } {
  const rows = span(top, low, Math.floor(picture.height / scale));
  const columns = span(left, low, Math.floor(picture.width / scale));
  const around = cropPicture(
    picture,
    rows.first * scale,
    columns.first * scale,
    rows.count * scale,
    columns.count * scale,
  );
  const shrunk = imresize(around, { height: rows.count, width: columns.count });
  return {
    high: cropPicture(picture, top * scale, left * scale, low * scale, low * scale),
    low: cropPicture(shrunk, top - rows.first, left - columns.first, low, low),
  };
}

/** The positions and the kernel's reach on both sides, within the picture. */
function span(at: number, count: number, size: number) {
  const first = Math.max(0, at - KERNEL_REACH);
  return { first, count: Math.min(size, at + count + KERNEL_REACH) - first };
}
