import { useBackend } from '@ganloom/backends';
import { installGradients } from '@ganloom/gradients';
import { RandomStream } from '@ganloom/core';
import { minibatchDiscrimination } from '@ganloom/losses';
import * as tf from '@tensorflow/tfjs';
import { table } from './table';

export interface MinibatchOptions {
  /** n, examples of a batch. */
  readonly batch: number;
  /** A, features of an example. */
  readonly features: number;
  /** B, kernels. */
  readonly kernels: number;
  /** C, dimensions of each. */
  readonly dimensions: number;
  /** Turns of each form that count. */
  readonly rounds: number;
  readonly threads: number;
}

type Form = (features: tf.Tensor2D, projection: tf.Tensor3D) => tf.Tensor;

/** Minibatch discrimination as it is written down: all n²·B·C differences at once. */
export function naiveMinibatchDiscrimination(
  features: tf.Tensor2D,
  projection: tf.Tensor3D,
): tf.Tensor {
  return tf.tidy(() => {
    const [a, b, c] = projection.shape;
    const n = features.shape[0];
    const m = tf.reshape(tf.matMul(features, tf.reshape(projection, [a, b * c])), [n, b, c]);
    const distance = tf.sum(tf.abs(tf.sub(tf.expandDims(m, 1), tf.expandDims(m, 0))), 3);
    const others = tf.div(tf.sub(tf.sum(tf.exp(tf.neg(distance)), 1), 1), Math.max(n - 1, 1));
    return tf.concat([features, others], 1);
  });
}

/** The gradient, by features and projection, of a form's sum (1) or of its gradient's square (2). */
export function gradientOf(form: Form, order: 1 | 2) {
  const sum = (x: tf.Tensor, t: tf.Tensor) =>
    tf.sum(form(x as tf.Tensor2D, t as tf.Tensor3D)) as tf.Scalar;
  const penalty = (x: tf.Tensor, t: tf.Tensor) =>
    tf.sum(tf.square(tf.grad((u: tf.Tensor) => sum(u, t))(x))) as tf.Scalar;
  return tf.grads(order === 1 ? sum : penalty);
}

/**
 * Prints time and peak memory of the gradients of `minibatchDiscrimination` and of its naive form, in
 * turns in this process, for a loss and for a gradient penalty.
 */
export async function minibatch(options: MinibatchOptions): Promise<void> {
  const { batch, features, kernels, dimensions, rounds, threads } = options;
  await useBackend('wasm', { threads });
  installGradients();
  const random = RandomStream.fromSeed(1);
  const inputs = [
    random.normal([batch, features]),
    random.normal([features, kernels, dimensions], 0, 0.05),
  ];
  const forms = [minibatchDiscrimination as Form, naiveMinibatchDiscrimination];
  const rows: string[][] = [];
  for (const order of [1, 2] as const) {
    const steps = forms.map((form) => gradientOf(form, order));
    const peaks: number[] = [];
    for (const step of steps) {
      const before = tf.memory().numBytes;
      // The first run of each is its warm-up, too.
      const { peakBytes } = await tf.profile(() => tf.tidy(() => void step(inputs)));
      peaks.push((peakBytes - before) / 1e6);
    }
    const times: number[][] = [[], []];
    for (let round = 0; round < rounds; round++) {
      steps.forEach((step, i) => {
        const begin = performance.now();
        // Results are there when an operation returns: this backend has no queue.
        tf.tidy(() => void step(inputs));
        times[i]!.push(performance.now() - begin);
      });
    }
    const medians = times.map((all) => all.toSorted((a, b) => a - b)[rounds >> 1]!);
    rows.push([
      order === 1 ? 'loss' : 'gradient penalty',
      ...[...medians, ...peaks].map((value) => value.toFixed(1)),
    ]);
  }
  const oneTensor = (4 * batch * batch * kernels) / 1e6;
  console.log(
    `n = ${batch}, A = ${features}, B = ${kernels}, C = ${dimensions}: n²·B is ${oneTensor.toFixed(1)} MB, ` +
      `n²·B·C ${(oneTensor * dimensions).toFixed(1)} MB`,
  );
  console.log(table(['gradient of a', 'ms', 'naive, ms', 'peak, MB', 'naive, MB'], rows));
  tf.dispose(inputs);
}
