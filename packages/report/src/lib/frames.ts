import { runNames } from '@ganloom/runs';
import type { Store } from '@ganloom/storage';
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
  /** In all, default 1 MB, which base64 makes 1.3 MB of a page; fewer frames, of large pictures. */
  readonly bytes?: number;
}

const NAME = /^step-(\d+)\.png$/;

/**
 * The sample grids of a run, in the order of their steps, thinned evenly to what the limits allow. The first
 * and the last stay as long as there is room for two, and the last in any case, however large it is.
 */
export async function readFrames(run: Store, limits: FrameLimits = {}): Promise<Frame[]> {
  const { count = 40, bytes = 1e6 } = limits;
  const all = await sampleNames(run);
  let chosen = spreadOut(all, count);
  // Early grids, which are noise, are larger than late ones, so that a share alone may not do.
  for (;;) {
    const size = await sizeOf(run, chosen);
    if (size <= bytes || chosen.length <= 1) break;
    const share = Math.floor((chosen.length * bytes) / size);
    chosen = spreadOut(all, Math.max(1, Math.min(share, chosen.length - 1)));
  }
  const frames = await Promise.all(
    chosen.map(async ({ step, name }) => {
      const png = await run.get(name);
      return png ? [{ step, png }] : [];
    }),
  );
  return frames.flat();
}

/** How many sample grids a run has. */
export async function countFrames(run: Store): Promise<number> {
  return (await sampleNames(run)).length;
}

async function sizeOf(run: Store, frames: readonly { readonly name: string }[]): Promise<number> {
  const sizes = await Promise.all(frames.map(({ name }) => run.size(name)));
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
}

/** The names of a run's sample grids, in the order of their steps. */
async function sampleNames(run: Store): Promise<{ step: number; name: string }[]> {
  return (await run.list(runNames.samples))
    .flatMap((name) => {
      const found = NAME.exec(name);
      return found ? [{ step: Number(found[1]), name: `${runNames.samples}/${name}` }] : [];
    })
    .sort((a, b) => a.step - b.step);
}
