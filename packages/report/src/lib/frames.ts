import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { nameFile, readFolder } from '@ganloom/storage/node';
import { spreadOut } from './spread-out';

/** A grid of samples as the bytes of a PNG. */
export interface Frame {
  readonly step: number;
  readonly png: Uint8Array;
}

/** How much of the samples is read. */
export interface FrameLimits {
  /** Default 40: a slider that a finger can move by single frames. */
  readonly count?: number;
  /** In all, default 8 MB; fewer frames, of large pictures. */
  readonly bytes?: number;
}

const NAME = /^step-(\d+)\.png$/;

/** The sample grids in a folder, in the order of their steps, thinned evenly; first and last stay. */
export async function readFrames(folder: string, limits: FrameLimits = {}): Promise<Frame[]> {
  const { count = 40, bytes = 8e6 } = limits;
  const all = await sampleFiles(folder);
  let chosen = spreadOut(all, count);
  const sizes = await Promise.all(chosen.map(async ({ path }) => (await stat(path)).size));
  const size = sizes.reduce((sum, one) => sum + one, 0);
  if (size > bytes) chosen = spreadOut(chosen, Math.max(2, Math.floor((count * bytes) / size)));
  return Promise.all(
    chosen.map(async ({ step, path }) => {
      const png = await readFile(path).catch((error) => {
        throw nameFile(error, path, 'reading');
      });
      return { step, png };
    }),
  );
}

/** The files of sample grids, in the order of their steps. */
export async function sampleFiles(folder: string): Promise<{ step: number; path: string }[]> {
  const names = await readFolder(folder);
  return names
    .flatMap((name) => {
      const found = NAME.exec(name);
      return found ? [{ step: Number(found[1]), path: join(folder, name) }] : [];
    })
    .sort((a, b) => a.step - b.step);
}
