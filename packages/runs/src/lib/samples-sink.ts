import { UsageError } from '@ganloom/core';
import type { Store } from '@ganloom/storage';
import type { Sink } from '@ganloom/training';
import { runNames, samplesAt } from './run-names';
import { sampleFrame } from './sample-frame';

/**
 * Writes each grid of samples of a run, as `samples/step-000500.png`. It is `train` that draws them, where its
 * `samples` say so.
 *
 * The sink throws a UsageError at the start of a training that draws none.
 */
export function samplesSink(run: Store): Sink {
  return async (event) => {
    if (event.type === 'start' && !event.drawsSamples) {
      throw new UsageError(
        'samplesSink: the training must draw samples, got one without; give train ' +
          '`samples: { every: 500, count: 100 }`, and a game that has `show`',
      );
    }
    if (event.type !== 'samples') return;
    await run.put(samplesAt(event.step), sampleFrame(event.samples).png);
  };
}

/** Removes the grids of later steps, which a run that goes on draws anew. */
export async function dropSamplesAfter(run: Store, step: number): Promise<void> {
  for (const name of await run.list(runNames.samples)) {
    const found = /^step-(\d+)\.png$/.exec(name);
    if (found && Number(found[1]) > step) await run.remove(`${runNames.samples}/${name}`);
  }
}
