import { RandomStream } from '@ganloom/core';
import { uint8Dataset } from '@ganloom/datasets';
import { train } from '@ganloom/training';
import { dcganRecipe, dcganStepFlops } from '../dcgan-recipe';
import type { Workload } from '../workload';

const batchSize = 64;
const filters = 64;

/** A step of training as a user has it: through `train`, with the batch drawn from a data set. */
export const dcgan28: Workload = {
  name: 'dcgan-28',
  about: `DCGAN step (D, then G), 28×28×1, batch ${batchSize}, ${filters} and ${2 * filters} filters`,
  flops: dcganStepFlops(batchSize, filters),
  stepsPerTurn: 5,
  peer: {
    script: 'dcgan.py',
    args: ['bench', '--batch', `${batchSize}`, '--filters', `${filters}`],
  },
  async prepare() {
    const random = RandomStream.fromSeed(0);
    const variant = dcganRecipe({ filters }, random);
    const size = 4 * batchSize;
    const data = uint8Dataset({
      name: 'noise',
      pixels: Uint8Array.from(random.fork('pixels').integers(size * 28 * 28, 256)),
      imageShape: { height: 28, width: 28, channels: 1 },
    });
    const forever = Number.MAX_SAFE_INTEGER;
    const events = train(variant, data, {
      steps: forever,
      batchSize,
      random: random.fork('training'),
      log: { every: forever },
    });
    const network = variant.game.generator.models['generator']!;
    const last = network.trainableWeights.at(-1)!;
    return async () => {
      while ((await events.next()).value?.type !== 'step');
      // On a backend that runs behind, this waits for the update; the last bias is tiny.
      await last.read().data();
    };
  },
};
