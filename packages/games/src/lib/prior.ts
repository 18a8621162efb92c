import type { RandomStream } from '@ganloom/core';
import type * as tf from '@tensorflow/tfjs';

/** Draws what a generator maps to samples: a tensor for each of its inputs, `[count, …]`. */
export type Prior = (count: number, random: RandomStream) => tf.Tensor | readonly tf.Tensor[];

/** z ~ N(0, I) for each input of a network; inputs after the first draw from forks of the stream. */
export function normalPrior({ inputs }: Pick<tf.LayersModel, 'inputs'>): Prior {
  const shapes = inputs.map(({ shape }) => shape.slice(1) as number[]);
  return (count, random) =>
    shapes.map((shape, i) =>
      (i === 0 ? random : random.fork(`input-${i}`)).normal([count, ...shape]),
    );
}
