import { finiteDifference } from '@ganloom/testing/finite-difference';
import * as tf from '@tensorflow/tfjs';
import { type GradientCase, inputValues } from './gradient-case';
import { gradientFamilies } from './gradient-cases';

/** Gradients of all inputs, one after the other. */
export interface Gradients {
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** The largest error relative to the largest expected value, or why there is no result. */
export type Outcome = { readonly error: number } | { readonly message: string };

/** The outcomes of both orders. */
export interface Measurement {
  readonly first: Outcome;
  readonly second: Outcome;
}

/** By the names of the cases. */
export type Measurements = Record<string, Measurement>;

/** As much as float32 may be off. */
export const tolerance = 1e-3;

const weight = (i: number) => Math.sin(2 + 1.3 * i);

// Σ w·(y + y²/2): the square, so that what arrives at the operation depends on its output, as it
// does in a network. A linear operation alone would have no second derivative.
const objective = (y: ArrayLike<number>) =>
  Array.from(y).reduce((sum, v, i) => sum + weight(i) * (v + v ** 2 / 2), 0);

/** By central differences in float64. */
export function expectedGradients(gradientCase: GradientCase): Gradients {
  const parts = inputValues(gradientCase);
  const ends = parts.map((_, i) => parts.slice(0, i + 1).reduce((n, p) => n + p.length, 0));
  const split = (x: Float64Array) =>
    parts.map((part, i) => x.subarray(ends[i]! - part.length, ends[i]));
  const gradient = (v: Float64Array) =>
    finiteDifference((u) => objective(gradientCase.reference(...split(u))), v);
  const x = Float64Array.from(parts.flatMap((part) => [...part]));
  const first = gradient(x);
  // ∇‖∇f‖² = 2·H·∇f, and a product with the Hessian is a derivative of ∇f along one direction.
  const h = 1e-4 / first.reduce((max, g) => Math.max(max, Math.abs(g)), 0);
  const above = gradient(x.map((v, i) => v + h * first[i]!));
  const below = gradient(x.map((v, i) => v - h * first[i]!));
  return { first, second: above.map((g, i) => (g - below[i]!) / h) };
}

/** The two gradients by the tape: of Σ w·(y + y²/2), and of the squared norm of that gradient. */
export async function measure(
  gradientCase: GradientCase,
  expected: Gradients,
): Promise<Measurement> {
  const { shapes, op } = gradientCase;
  const xs = inputValues(gradientCase).map((values, i) => tf.tensor(values, shapes[i]!));
  const first = tf.grads((...inputs) => {
    const y = op(...inputs);
    const weights = tf.tensor(
      Float32Array.from({ length: y.size }, (_, i) => weight(i)),
      y.shape,
    );
    return tf.sum(tf.mul(weights, tf.add(y, tf.div(tf.square(y), 2))));
  });
  const penalty = (...inputs: tf.Tensor[]) =>
    tf.addN(first(inputs).map((gradient) => tf.sum(tf.square(gradient))));
  const outcomes = {
    first: await outcome(() => first(xs), expected.first),
    second: await outcome(() => tf.grads(penalty)(xs), expected.second),
  };
  tf.dispose(xs);
  return outcomes;
}

async function outcome(gradients: () => tf.Tensor[], expected: Float64Array): Promise<Outcome> {
  let tensors: tf.Tensor[] = [];
  try {
    tensors = tf.tidy(gradients);
    const values = await Promise.all(tensors.map((gradient) => gradient.data()));
    const actual = values.flatMap((part) => [...part]);
    const scale = expected.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
    const error = expected.reduce((max, v, i) => Math.max(max, Math.abs(actual[i]! - v)), 0);
    return { error: error / scale };
  } catch (error) {
    return { message: error instanceof Error ? error.message : String(error) };
  } finally {
    tf.dispose(tensors);
  }
}

/** What comes of each case on the backend that is set. */
export async function measureAll(): Promise<Measurements> {
  const measured: Measurements = {};
  for (const gradientCase of gradientFamilies.flatMap(({ cases }) => cases)) {
    measured[gradientCase.name] = await measure(gradientCase, expectedGradients(gradientCase));
  }
  return measured;
}
