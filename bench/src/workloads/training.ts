import {
  type Batch,
  type Dataset,
  type ImageShape,
  RandomStream,
  type RandomStream as Random,
  type Variant,
} from '@ganloom/core';
import { train } from '@ganloom/training';
import * as tf from '@tensorflow/tfjs';
import type { Workload } from '../workload';

export interface TrainingWorkload extends Pick<Workload, 'name' | 'about' | 'flops' | 'peer'> {
  readonly image: ImageShape;
  readonly batchSize: number;
  /** Further tensors of a batch of so many examples. */
  readonly more?: (count: number, random: Random) => Omit<Batch, 'images'>;
  variant(random: Random): Variant;
}

const BATCHES = 4;

/** A step of training as a user has it, through `train`, but for the batches, which are there. */
export function trainingWorkload(options: TrainingWorkload): Workload {
  const { image, batchSize, more, variant: make, ...about } = options;
  return {
    ...about,
    group: 'steps',
    stepsPerTurn: 3,
    async prepare() {
      const random = RandomStream.fromSeed(0);
      const variant = make(random);
      const { height, width, channels } = image;
      // Made before, as PyTorch's are, so that a step is what is timed.
      const made = Array.from({ length: BATCHES }, (_, i) => {
        const stream = random.fork(`batch-${i}`);
        const noise = stream.uniform([batchSize, height, width, channels]);
        return { images: noise.mul(2).sub(1) as tf.Tensor4D, ...more?.(batchSize, stream) };
      });
      let taken = 0;
      const data: Dataset = {
        name: 'noise',
        size: BATCHES * batchSize,
        shapes: { images: [height, width, channels] },
        batch: () => {
          const tensors = Object.entries(made[taken++ % BATCHES]!) as [string, tf.Tensor][];
          const clones = tensors.map(([name, tensor]) => [name, tf.clone(tensor)]);
          return Object.fromEntries(clones) as Batch;
        },
      };
      const forever = Number.MAX_SAFE_INTEGER;
      const events = train(variant, data, {
        steps: forever,
        batchSize,
        random: random.fork('training'),
        log: { every: forever },
      });
      const last = variant.game.generator.models['generator']!.trainableWeights.at(-1)!;
      return async () => {
        while ((await events.next()).value?.type !== 'step');
        // On a backend that runs behind, this waits for the update; the last bias is tiny.
        await last.read().data();
      };
    },
  };
}

/** The PyTorch side of the workload of that name. */
export const peerOf = (name: string) => ({ script: 'steps.py', args: [name] });
