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
  /** In all, default 8 MB; fewer frames, of large pictures. */
  readonly bytes?: number;
}

const NAME = /^step-(\d+)\.png$/;

/** The sample grids of a run, in the order of their steps, thinned evenly; first and last stay. */
export async function readFrames(run: Store, limits: FrameLimits = {}): Promise<Frame[]> {
  const { count = 40, bytes = 8e6 } = limits;
  const all = await sampleNames(run);
  let chosen = spreadOut(all, count);
  const sizes = await Promise.all(chosen.map(async ({ name }) => (await run.size(name)) ?? 0));
  const size = sizes.reduce((sum, one) => sum + one, 0);
  if (size > bytes) chosen = spreadOut(chosen, Math.max(2, Math.floor((count * bytes) / size)));
  const frames = await Promise.all(
    chosen.map(async ({ step, name }) => {
      const png = await run.get(name);
      return png ? [{ step, png }] : [];
    }),
  );
  return frames.flat();
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
