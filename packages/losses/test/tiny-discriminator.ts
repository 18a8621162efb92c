import { leakyRelu } from '@ganloom/gradients';
import * as tf from '@tensorflow/tfjs';
import { softplus } from './formulas';

const UNITS = 3;
const WEIGHTS = Float64Array.of(
  ...[0.5, -1.2, 0.7, 0.9, 0.3, -0.4], // 2 inputs × 3 units
  ...[0.1, -0.2, 0.3],
  ...[1.5, -0.8, 0.6],
  0.05,
);

const activations = {
  softplus: {
    run: (x: tf.Tensor) => tf.softplus(x),
    value: softplus,
    slope: (t: number) => 1 / (1 + Math.exp(-t)),
  },
  leakyRelu: {
    run: (x: tf.Tensor) => leakyRelu(x),
    value: (t: number) => Math.max(t, 0.2 * t),
    slope: (t: number) => (t > 0 ? 1 : 0.2),
  },
};

/** A network of two layers, 2 → 3 → 1, and its formula in float64. */
export function tinyDiscriminator(activation: keyof typeof activations) {
  const { run, value, slope } = activations[activation];
  const hidden = tf.sequential({
    layers: [tf.layers.flatten({ inputShape: [1, 2, 1] }), tf.layers.dense({ units: UNITS })],
  });
  const last = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [UNITS] })],
  });
  const split = (w: ArrayLike<number>) => {
    const all = Array.from(w);
    return [all.slice(0, 6), all.slice(6, 9), all.slice(9, 12), all.slice(12)] as const;
  };
  const [kernel, bias, weights, offset] = split(WEIGHTS);
  tf.tidy(() => {
    hidden.setWeights([tf.tensor2d(kernel, [2, UNITS]), tf.tensor1d(bias)]);
    last.setWeights([tf.tensor2d(weights, [UNITS, 1]), tf.tensor1d(offset)]);
  });
  const variables = [hidden, last].flatMap((model) =>
    model.trainableWeights.map((weight) => weight.read() as tf.Variable),
  );
  const units = (w: ArrayLike<number>, x: ArrayLike<number>) => {
    const [k, b] = split(w);
    return b.map((at, j) => at + k[j]! * x[0]! + k[UNITS + j]! * x[1]!);
  };
  return {
    models: { hidden, last },
    variables,
    /** Values of the weights, in the order of `variables`. */
    weights: WEIGHTS,
    /** Logits `[batch, 1]` of pictures `[batch, 1, 2, 1]`. */
    logits: (images: tf.Tensor) =>
      last.apply(run(hidden.apply(images) as tf.Tensor), { training: true }) as tf.Tensor,
    /** D(x) of one example, in float64. */
    logit(w: ArrayLike<number>, x: ArrayLike<number>): number {
      const [, , v, c] = split(w);
      return units(w, x).reduce((sum, unit, j) => sum + v[j]! * value(unit), c[0]!);
    },
    /** ‖∇ₓ D(x)‖² of one example, in float64. */
    squaredNorm(w: ArrayLike<number>, x: ArrayLike<number>): number {
      const [k, , v] = split(w);
      const slopes = units(w, x).map((unit, j) => v[j]! * slope(unit));
      const along = (i: number) =>
        slopes.reduce((sum, s, j) => sum + s * k[i * UNITS + j]!, 0) ** 2;
      return along(0) + along(1);
    },
    /** The gradients of `loss` with respect to the weights, in one list. */
    gradient: (loss: () => tf.Scalar) =>
      tf.tidy(() => {
        const { grads } = tf.variableGrads(loss, variables);
        const inOrder = variables.map(({ name, size }) =>
          tf.reshape(grads[name] ?? tf.zeros([size]), [-1]),
        );
        return tf.concat(inOrder).dataSync();
      }),
    dispose: () => tf.dispose(variables),
  };
}
