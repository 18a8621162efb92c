import { createHash } from 'node:crypto';
import { useBackend } from '@ganloom/backends';
import { RandomStream } from '@ganloom/core';
import { mnist } from '@ganloom/datasets/node';
import { exponentialMovingAverage, train } from '@ganloom/training';
import * as tf from '@tensorflow/tfjs';
import { dcganRecipe } from './dcgan-recipe';
import { table } from './table';

export interface StabilityOptions {
  readonly steps: number;
  readonly filters: number;
  readonly threads: number;
  readonly backend: string;
}

/**
 * Trains DCGAN on MNIST and prints, ten times on the way, the number of tensors, their bytes and the
 * process's resident memory; at the end a checksum of all weights, which must not depend on the
 * number of threads.
 */
export async function stability(options: StabilityOptions): Promise<void> {
  const { steps, filters, threads, backend } = options;
  await useBackend(backend, { threads });
  const data = await mnist({ split: 'train' });
  const random = RandomStream.fromSeed(1);
  const variant = dcganRecipe({ filters }, random);
  const { generator, discriminator } = variant.game;
  const ema = await exponentialMovingAverage(generator.models, { decay: 0.99 });
  const rows: string[][] = [];
  const events = train(variant, data, {
    steps,
    batchSize: 64,
    random: random.fork('training'),
    ema,
  });
  for await (const event of events) {
    if (event.type !== 'step' || event.step % Math.max(1, Math.floor(steps / 10)) !== 0) continue;
    const { numTensors, numBytes } = tf.memory();
    const resident = process.memoryUsage().rss / 2 ** 20;
    rows.push([
      `${event.step}`,
      `${numTensors}`,
      `${(numBytes / 2 ** 20).toFixed(2)}`,
      resident.toFixed(1),
    ]);
    console.error(`${event.step} of ${steps}`);
  }
  console.log(table(['step', 'tensors', 'tensor MiB', 'resident MiB'], rows));
  const hash = createHash('sha256');
  for (const models of [generator.models, discriminator.models, ema.models]) {
    for (const model of Object.values(models)) {
      for (const weight of model.getWeights())
        hash.update(new Uint8Array((await weight.data()).buffer));
    }
  }
  console.log(`weights: ${hash.digest('hex')}`);
}
