import { ganloomError } from '@ganloom/core';
import { uint8Dataset, type Uint8Dataset } from './array-dataset';
import { gunzipIfNeeded } from './gunzip';

/** Grey pictures as an IDX file holds them. */
export interface IdxImages {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** 0–255, `[count, height, width]`. */
  readonly pixels: Uint8Array;
}

/** The two files of a set and what to call it. */
export interface IdxDatasetOptions {
  readonly name: string;
  /** The bytes of an IDX file of pictures, gzipped or not. */
  readonly images: Uint8Array;
  /** The bytes of the IDX file of their labels, gzipped or not. */
  readonly labels?: Uint8Array;
  readonly classNames?: readonly string[];
}

// The third byte is the type, 08 for unsigned bytes, and the fourth the number of dimensions.
const KINDS = {
  labels: { magic: 0x00000801, rank: 1 },
  images: { magic: 0x00000803, rank: 3 },
} as const;
type Kind = keyof typeof KINDS;

const LONGEST_SIDE = 1 << 14;

/**
 * Reads an IDX file of 8-bit pictures, the format of MNIST: big-endian magic 0x00000803, count,
 * height, width, then the pixels. Gzip is recognized by its first bytes.
 *
 * @param where name of the file, for error messages.
 * @throws GanloomError on another magic number, dimensions of 0 or past 2¹⁴, and missing or surplus bytes.
 */
export async function decodeIdxImages(
  bytes: Uint8Array,
  where = 'decodeIdxImages',
): Promise<IdxImages> {
  const { shape, data } = decode(await gunzipIfNeeded(bytes, where), 'images', where);
  return { count: shape[0]!, height: shape[1]!, width: shape[2]!, pixels: data };
}

/**
 * Reads an IDX file of 8-bit labels: big-endian magic 0x00000801, count, then the labels. Gzip is
 * recognized by its first bytes.
 *
 * @param where name of the file, for error messages.
 * @throws GanloomError on another magic number, a count of 0, and missing or surplus bytes.
 */
export async function decodeIdxLabels(
  bytes: Uint8Array,
  where = 'decodeIdxLabels',
): Promise<Uint8Array> {
  return decode(await gunzipIfNeeded(bytes, where), 'labels', where).data;
}

/**
 * The data set in one IDX file of pictures and, if given, one of labels.
 *
 * @throws GanloomError if a file is not what it should be, or they do not hold as many pictures as labels.
 */
export async function idxDataset(options: IdxDatasetOptions): Promise<Uint8Dataset> {
  const { name, classNames } = options;
  const images = await decodeIdxImages(options.images, `${name} images`);
  const labels = options.labels && (await decodeIdxLabels(options.labels, `${name} labels`));
  if (labels && labels.length !== images.count) {
    throw ganloomError(
      `${name} labels`,
      `${images.count} pictures need as many labels`,
      labels.length,
      'pass the labels file that belongs to the images file',
    );
  }
  return uint8Dataset({
    name,
    pixels: images.pixels,
    imageShape: { height: images.height, width: images.width, channels: 1 },
    ...(labels && { labels }),
    ...(classNames && { classNames }),
  });
}

function decode(bytes: Uint8Array, kind: Kind, where: string) {
  const { magic, rank } = KINDS[kind];
  const headerLength = 4 + 4 * rank;
  const again = 'the file is damaged or incomplete, fetch it again';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

  const found = bytes.length >= 4 ? view.getUint32(0) : undefined;
  if (found !== magic) {
    const received = found === undefined ? `${bytes.length} bytes` : hex(found);
    throw ganloomError(
      where,
      `an IDX ${kind} file begins with ${hex(magic)}`,
      received,
      hint(found, kind),
    );
  }
  if (bytes.length < headerLength) {
    throw ganloomError(where, `the header needs ${headerLength} bytes`, bytes.length, again);
  }
  const shape = Array.from({ length: rank }, (_, d) => view.getUint32(4 + 4 * d));
  if (shape.some((d) => d === 0) || shape.slice(1).some((d) => d > LONGEST_SIDE)) {
    throw ganloomError(where, `dimensions must be from 1 to ${LONGEST_SIDE} a side`, shape, again);
  }
  const expected = shape.reduce((product, d) => product * d, 1);
  const received = bytes.length - headerLength;
  if (received !== expected) {
    throw ganloomError(
      where,
      `dimensions [${shape}] need ${expected} bytes after the header`,
      received,
      received < expected ? again : 'remove the surplus bytes or fetch the file again',
    );
  }
  // Not `subarray`, which would make a Buffer of a Buffer.
  const data = new Uint8Array(bytes.buffer, bytes.byteOffset + headerLength, expected);
  return { shape, data };
}

function hint(found: number | undefined, kind: Kind): string {
  const other = kind === 'images' ? 'labels' : 'images';
  return found === KINDS[other].magic
    ? `this file holds ${other}, pass the one with ${kind}`
    : `pass a uint8 IDX ${kind} file, gzipped or not`;
}

function hex(word: number): string {
  return `0x${word.toString(16).padStart(8, '0')}`;
}
