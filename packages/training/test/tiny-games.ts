import {
  type Dataset,
  type Optimizer,
  type Plan,
  RandomStream,
  type Sample,
  type Variant,
} from '@ganloom/core';
import { disposeVariant, weightsOf, withSeededWeights } from '@ganloom/tiny-gan';
import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import type { TrainEvent } from '../src/lib/events';
import { train, type TrainOptions } from '../src/lib/train';

/** A sample with parts by name, as games of several networks have. */
export type Parts = Readonly<Record<string, tf.Tensor>>;

/** One hidden layer from values of shape `from` to values of shape `to`. */
export function tinyNetwork(
  random: RandomStream,
  from: number[],
  to: number[],
  activation: 'linear' | 'tanh' = 'linear',
): tf.LayersModel {
  const { dense, reshape } = tf.layers;
  const sizeOf = (shape: number[]) => shape.reduce((product, d) => product * d, 1);
  const layers = [
    reshape({ inputShape: from, targetShape: [sizeOf(from)] }),
    dense({ units: 8, activation: 'relu' }),
    dense({ units: sizeOf(to), activation }),
    reshape({ targetShape: to }),
  ];
  return withSeededWeights(tf.sequential({ layers }), random);
}

/** Trains, and gives all that was said; `onEvent` sees each event while the trainer waits. */
export async function play<S extends Sample>(
  plan: Plan<S>,
  data: Dataset,
  options: Partial<TrainOptions>,
  onEvent: (event: TrainEvent) => void = () => {},
): Promise<TrainEvent[]> {
  const events: TrainEvent[] = [];
  const all = { batchSize: 8, random: RandomStream.fromSeed(5), log: { every: 1 }, ...options };
  for await (const event of train(plan, data, all)) {
    onEvent(event);
    events.push(event);
  }
  return events;
}

/** All weights of a new variant after a few steps with pictures, for which no tensor is left over. */
export async function weightsAfter<S extends Sample>(
  make: () => Variant<S>,
  data: Dataset,
  seed: number,
): Promise<number[]> {
  let weights: number[] = [];
  await expectNoLeak(async () => {
    const variant = make();
    const random = RandomStream.fromSeed(seed);
    await play(variant, data, { steps: 4, random, samples: { every: 2, count: 3 } });
    weights = weightsOf(variant);
    disposeVariant(variant);
  });
  return weights;
}

/** The values of a loss or a term, in the order of the steps it was read in. */
export function lossesOf(events: readonly TrainEvent[], name: string): number[] {
  return events.flatMap((event) => (event.type === 'metrics' ? [event.losses[name]!] : []));
}

/** The optimizer, which calls `before` each time just before it updates. */
export function watched(optimizer: Optimizer, before: () => void): Optimizer {
  return {
    ...optimizer,
    apply(variables, gradients) {
      before();
      optimizer.apply(variables, gradients);
    },
  };
}
