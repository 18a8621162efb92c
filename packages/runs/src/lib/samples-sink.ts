import type { Store } from '@ganloom/storage';
import type { Sink } from '@ganloom/training';
import { samplesAt } from './run-names';
import { sampleFrame } from './sample-frame';

/** Writes each grid of samples of a run, as `samples/step-000500.png`. */
export function samplesSink(run: Store): Sink {
  return async (event) => {
    if (event.type !== 'samples') return;
    await run.put(samplesAt(event.step), sampleFrame(event.samples).png);
  };
}
