import { useBackend } from '@ganloom/backends';
import { RandomStream } from '@ganloom/core';
import { mnist } from '@ganloom/datasets/node';
import { train } from '@ganloom/training';
import { saveModel } from '@ganloom/storage';
import { diskStore } from '@ganloom/storage/node';
import { quietGan } from './quiet-gan';

/** Trains on MNIST, says how it goes, and writes the generator to `folder`. */
export async function trainQuietGan(steps: number, folder: string): Promise<void> {
  await useBackend('wasm');
  const data = await mnist({ split: 'train' });
  const random = RandomStream.fromSeed(1);
  const variant = quietGan(data.imageShape, random.fork('networks'));
  const options = { steps, batchSize: 32, random: random.fork('training') };
  for await (const event of train(variant, data, options)) {
    if (event.type === 'metrics') console.log(event.step, event.losses);
  }
  await saveModel(variant.game.generator.models['generator']!, diskStore(folder));
}
