import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { UsageError } from '@ganloom/core';
import { imageGrid, type ImageGridOptions, type Pictures } from '@ganloom/images';
import { encodeNpy } from '@ganloom/storage';
import { writeFileAtomic } from '@ganloom/storage/node';
import { writePng } from './write-png';

/** Settings of {@link pictureWriter}. */
export interface PictureWriterOptions {
  /** Layout of a `.png`. */
  readonly grid?: ImageGridOptions;
  /** Replace what is there. */
  readonly force?: boolean;
}

/**
 * How to write pictures as the ending of `out` asks for: `.npy`, `.png` (a grid), or a folder of
 * PNGs. Looks before anything is computed.
 *
 * @throws UsageError if the ending says nothing, or something is there already.
 */
export async function pictureWriter(
  out: string,
  { grid, force = false }: PictureWriterOptions = {},
): Promise<(pictures: Pictures) => Promise<void>> {
  const write = writers(out, grid)[extname(out).toLowerCase()];
  if (!write) {
    throw new UsageError(`--out must end in .npy or .png, or name a folder, got "${out}"`);
  }
  if (!force) await requireFree(out);
  return write;
}

/**
 * Refuses a place that holds something, before anything is computed.
 *
 * @throws UsageError if `out` is a file, or a folder with something in it.
 */
export async function requireFree(out: string): Promise<void> {
  const found = await stat(out).catch(() => undefined);
  if (!found || (found.isDirectory() && (await readdir(out)).length === 0)) return;
  throw new UsageError(`--out ${out} exists already; choose another, or replace it with --force`);
}

function writers(
  out: string,
  grid: ImageGridOptions | undefined,
): Record<string, (pictures: Pictures) => Promise<void>> {
  return {
    '.npy': (pictures) => writeFileAtomic(out, encodeNpy(pictures)),
    '.png': (pictures) => writePng(out, imageGrid(pictures, grid)),
    '': (pictures) => writeFolder(out, pictures),
  };
}

async function writeFolder(folder: string, { data, shape }: Pictures): Promise<void> {
  const [count, height, width, channels] = shape;
  const size = height * width * channels;
  for (let i = 0; i < count; i++) {
    const name = `${String(i).padStart(6, '0')}.png`;
    const one = data.subarray(i * size, (i + 1) * size);
    await writePng(join(folder, name), { data: one, height, width, channels });
  }
}
