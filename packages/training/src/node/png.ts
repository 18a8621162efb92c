import type { Picture } from '@ganloom/core';
import { writeFileAtomic } from './write-file-atomic';

/** A picture of 1 (grey), 3 (RGB) or 4 (RGBA) channels as the bytes of a PNG. */
export async function encodePng(picture: Picture): Promise<Uint8Array> {
  const { data, width, height, channels } = picture;
  // Loaded late, so that a program that writes no pictures needs no native library.
  const { default: sharp } = await import('sharp');
  const image = sharp(data, { raw: { width, height, channels: channels as 1 | 3 | 4 } });
  const png = channels === 1 ? image.toColourspace('b-w') : image;
  return png.png().toBuffer();
}

/** Writes a picture of 1 (grey), 3 (RGB) or 4 (RGBA) channels as PNG. */
export async function writePng(path: string, picture: Picture): Promise<void> {
  await writeFileAtomic(path, await encodePng(picture));
}
