import type { Batch, Dataset, ImageShape, RandomStream as Random, Variant } from '@ganloom/core';
import { RandomStream } from '@ganloom/core';
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

/** A step of training as a user has it: through `train`, with the batch drawn from a data set. */
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
      const data: Dataset = {
        name: 'noise',
        size: 4 * batchSize,
        imageShape: image,
        batch: (indices, stream = random) => ({
          images: tf.tidy(() =>
            stream.uniform([indices.length, height, width, channels]).mul(2).sub(1),
          ) as tf.Tensor4D,
          ...more?.(indices.length, stream),
        }),
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
