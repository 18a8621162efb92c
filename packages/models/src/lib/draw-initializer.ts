import type { RandomStream } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import type { Initializer } from './initializer-memory';
import { orthogonal } from './orthogonal';
import { truncatedNormal } from './truncated-normal';

type Shape = readonly number[];
type Draw = (config: tf.serialization.ConfigDict, shape: Shape, random: RandomStream) => tf.Tensor;

/** The name that an initializer's class has in its own right: `GlorotNormal`, not `VarianceScaling`. */
export function classOf(initializer: Initializer): string {
  return (initializer.constructor as unknown as { className: string }).className;
}

/**
 * New values of a weight by the distribution of its initializer, from a seeded stream. Undefined for
 * initializers that are not random, and for those of other people, which only they know.
 */
export function drawInitializer(
  initializer: Initializer,
  shape: Shape,
  random: RandomStream,
): tf.Tensor | undefined {
  return draws[classOf(initializer)]?.(initializer.getConfig(), shape, random);
}

const ofVariance: Draw = ({ scale, mode, distribution }, shape, random) => {
  const [fanIn, fanOut] = fansOf(shape);
  const fan = mode === 'fanIn' ? fanIn : mode === 'fanOut' ? fanOut : (fanIn + fanOut) / 2;
  const variance = (scale as number) / Math.max(1, fan);
  if (distribution === 'normal') return truncatedNormal(shape, 0, Math.sqrt(variance), random);
  const limit = Math.sqrt(3 * variance);
  return random.uniform(shape, -limit, limit);
};

/** By class, as TensorFlow.js draws them. */
const draws: Readonly<Record<string, Draw>> = {
  RandomNormal: ({ mean, stddev }, shape, random) =>
    random.normal(shape, mean as number, stddev as number),
  TruncatedNormal: ({ mean, stddev }, shape, random) =>
    truncatedNormal(shape, mean as number, stddev as number, random),
  RandomUniform: ({ minval, maxval }, shape, random) =>
    random.uniform(shape, minval as number, maxval as number),
  Orthogonal: ({ gain }, shape, random) => orthogonal(shape, gain as number, random),
  VarianceScaling: ofVariance,
  GlorotNormal: ofVariance,
  GlorotUniform: ofVariance,
  HeNormal: ofVariance,
  HeUniform: ofVariance,
  LeCunNormal: ofVariance,
  LeCunUniform: ofVariance,
};

/** Numbers of inputs and outputs, in and out times the size of the window before them. */
function fansOf(shape: Shape): [fanIn: number, fanOut: number] {
  const size = tf.util.sizeFromShape([...shape]);
  if (shape.length < 2 || shape.length > 5) return [Math.sqrt(size), Math.sqrt(size)];
  return [size / shape.at(-1)!, size / shape.at(-2)!];
}
