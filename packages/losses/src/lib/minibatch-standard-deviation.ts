import { ganloomError, requireIntegers } from '@ganloom/core';
import { concatenate } from '@ganloom/gradients';
import * as tf from '@tensorflow/tfjs';

/** Below it, differences between examples count as none; and √ has a slope at zero variance. */
const EPSILON = 1e-8;

/**
 * Appends one feature that is the same all over an example: how much the examples of its group
 * differ.
 *
 * s = mean over positions and channels of √(Var over the group + 10⁻⁸)
 *
 * Karras et al. 2017, arXiv 1710.10196, section 3. Example i is in group i mod n/g, as in the
 * authors' code. Real and fake batches must go through it apart. Right to second order.
 *
 * @param x `[n, …, channels]`
 * @param groupSize g; batches of fewer examples are one group
 * @returns `[n, …, channels + 1]`
 * @throws GanloomError if the batch is not whole groups.
 */
export function minibatchStandardDeviation<T extends tf.Tensor>(x: T, groupSize = 4): T {
  const n = x.shape[0]!;
  const inGroup = Math.min(groupSize, n);
  const groups = n / inGroup;
  if (!Number.isInteger(groups)) {
    const where = 'minibatchStandardDeviation';
    const expected = `a batch must be a multiple of groupSize (=${groupSize})`;
    throw ganloomError(where, expected, n, 'take another batch size or groupSize');
  }
  return tf.tidy(() => {
    const grouped = tf.reshape(x, [inGroup, groups, x.size / n]);
    const centered = tf.sub(grouped, tf.mean(grouped, 0, true));
    const variance = tf.mean(tf.square(centered), 0);
    const deviation = tf.mean(tf.sqrt(tf.add(variance, EPSILON)), 1);
    const positions = x.shape.slice(1, -1).reduce((product, d) => product * d, 1);
    const everywhere = tf.mul(
      tf.ones([inGroup, groups, positions]),
      tf.reshape(deviation, [1, groups, 1]),
    );
    return concatenate([x, tf.reshape(everywhere, [...x.shape.slice(0, -1), 1])]) as T;
  });
}

/** Settings of {@link minibatchStandardDeviationLayer}. */
export interface MinibatchStandardDeviationOptions {
  readonly name?: string;
  /** Examples that are compared with each other; default 4, as Karras et al. have it. */
  readonly groupSize?: number;
}

/**
 * {@link minibatchStandardDeviation} as a layer without weights: `[batch, …, channels]` to
 * `[batch, …, channels + 1]`, near the end of a discriminator.
 *
 * @throws UsageError if `groupSize` is no integer of at least 2.
 */
export function minibatchStandardDeviationLayer(
  options: MinibatchStandardDeviationOptions = {},
): tf.layers.Layer {
  registerMinibatchStandardDeviation();
  return new MinibatchStandardDeviation(options);
}

/** Lets TensorFlow.js load the layer. */
export function registerMinibatchStandardDeviation(): void {
  tf.serialization.registerClass(MinibatchStandardDeviation);
}

type Config = MinibatchStandardDeviationOptions & tf.serialization.ConfigDict;

class MinibatchStandardDeviation extends tf.layers.Layer {
  static readonly className = 'MinibatchStandardDeviation';
  readonly #groupSize: number;

  constructor(options: MinibatchStandardDeviationOptions) {
    super(options as Config);
    const { groupSize = 4 } = options;
    requireIntegers('minibatchStandardDeviationLayer', { groupSize }, { min: 2 });
    this.#groupSize = groupSize;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    return minibatchStandardDeviation(x, this.#groupSize);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = inputShape as tf.Shape;
    return [...shape.slice(0, -1), shape.at(-1)! + 1];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), groupSize: this.#groupSize };
  }
}
