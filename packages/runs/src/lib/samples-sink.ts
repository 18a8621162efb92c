import { join } from 'node:path';
import type { Sink } from '@ganloom/training';
import { writeFileAtomic } from '@ganloom/storage/node';
import { sampleFrame } from './sample-frame';

/** Writes each grid of samples to `folder/step-000500.png`. */
export function samplesSink(folder: string): Sink {
  return async (event) => {
    if (event.type !== 'samples') return;
    const name = `step-${String(event.step).padStart(6, '0')}.png`;
    await writeFileAtomic(join(folder, name), sampleFrame(event.samples).png);
  };
}
