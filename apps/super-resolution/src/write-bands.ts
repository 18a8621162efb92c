import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import type { Picture } from '@ganloom/images';
import { UsageError } from '@ganloom/core';
import sharp from 'sharp';
import { createStripTiff } from './strip-tiff';

/** Endings that can be written, with the longest side that the format allows. */
export const OUTPUTS: Readonly<Record<string, number>> = {
  '.png': 2 ** 31 - 1,
  '.jpg': 65_535,
  '.jpeg': 65_535,
  '.webp': 16_383,
  '.tif': 2 ** 31 - 1,
  '.tiff': 2 ** 31 - 1,
};

/** Losses are hard to see. Optimal Huffman codes would need the whole picture in memory. */
const JPEG = { quality: 95, optimiseCoding: false };
const ENCODING: Readonly<Record<string, object>> = {
  '.jpg': JPEG,
  '.jpeg': JPEG,
  '.webp': { quality: 95 },
};

export interface Size {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** @throws UsageError if the format cannot hold a picture of that size. */
export function requireFits(out: string, { height, width }: Size): void {
  const longest = OUTPUTS[extname(out).toLowerCase()]!;
  if (Math.max(height, width) <= longest) return;
  throw new UsageError(
    `${out}: ${extname(out)} holds at most ${longest} pixels a side, the result has ${width}×${height}; ` +
      'choose .png',
  );
}

/**
 * Writes a picture that comes in bands, whole or not at all: first uncompressed beside `out`, from
 * where it is encoded row by row. No more than a band is in memory, but for WebP, whose
 * encoder takes a picture whole. The ending says the format.
 */
export async function writeBands(
  out: string,
  size: Size,
  bands: AsyncIterable<Picture>,
): Promise<void> {
  const ending = extname(out).toLowerCase();
  const raw = `${out}.${process.pid}.raw.tif`;
  const encoded = `${out}.${process.pid}.tmp${ending}`;
  await mkdir(dirname(out), { recursive: true });
  try {
    const tiff = await createStripTiff(raw, size);
    try {
      for await (const { data } of bands) await tiff.write(data);
    } finally {
      await tiff.close();
    }
    const image = sharp(raw, { limitInputPixels: false, sequentialRead: true });
    await (size.channels === 1 ? image.toColourspace('b-w') : image)
      .toFormat(ending.slice(1) as 'png', ENCODING[ending])
      .toFile(encoded);
    await rename(encoded, out);
  } finally {
    await rm(raw, { force: true });
    await rm(encoded, { force: true });
  }
}
