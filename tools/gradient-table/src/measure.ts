import { finiteDifference } from '@ganloom/test-tools/finite-difference';
import * as tf from '@tensorflow/tfjs';
import { inputValues, type Trial } from './gradient-case';
import { gradientFamilies } from './gradient-cases';

/** The gradients of each input. */
export interface Gradients {
  readonly first: readonly Float64Array[];
  readonly second: readonly Float64Array[];
}

/**
 * The largest error relative to the largest expected value of the same gradient, and whether every
 * element is right; or why there is no result.
 */
export type Outcome =
  | { readonly error: number; readonly right: boolean }
  | { readonly message: string };

/** The outcomes of both orders. */
export interface Measurement {
  readonly first: Outcome;
  readonly second: Outcome;
}

/** Of every trial, by the names of the cases. */
export type Measurements = Record<string, Measurement[]>;

/**
 * As much as float32 may be off: a share of the element itself, and, as sums of large terms may
 * cancel, of the largest element of the same gradient, or of 1 where that is less.
 */
export const tolerance = { ofElement: 1e-3, ofLargest: 1e-5 };

const weight = (i: number) => Math.sin(2 + 1.3 * i);

// Σ w·(y + y²/2): the square, so that what arrives at the operation depends on its output, as it
// does in a network. A linear operation alone would have no second derivative.
function objective(y: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < y.length; i++) sum += weight(i) * (y[i]! + y[i]! ** 2 / 2);
  return sum;
}

const largest = (values: Float64Array) => values.reduce((max, v) => Math.max(max, Math.abs(v)), 0);

/** By central differences in float64. */
export function expectedGradients(trial: Trial): Gradients {
  const parts = inputValues(trial);
  const ends = parts.map((_, i) => parts.slice(0, i + 1).reduce((n, p) => n + p.length, 0));
  const split = (x: Float64Array) =>
    parts.map((part, i) => x.subarray(ends[i]! - part.length, ends[i]));
  const gradient = (v: Float64Array) =>
    finiteDifference((u) => objective(trial.reference(...split(u))), v);
  const x = Float64Array.from(parts.flatMap((part) => [...part]));
  const first = gradient(x);
  // ∇‖∇f‖² = 2·H·∇f, and a product with the Hessian is a derivative of ∇f along one direction.
  const points = ends[(trial.penalized ?? parts.length) - 1]!;
  const slope = first.map((g, i) => (i < points ? g : 0));
  const h = 1e-4 / (largest(slope) || 1);
  const above = gradient(x.map((v, i) => v + h * slope[i]!));
  const below = gradient(x.map((v, i) => v - h * slope[i]!));
  const second = above.map((g, i) => (g - below[i]!) / h);
  return { first: split(first), second: split(second) };
}

/**
 * The two gradients by the tape: of Σ w·(y + y²/2), and of the squared norm of that gradient. The second
 * is taken in both ways that there are: the inner gradient records the operation itself, or finds it on
 * the outer tape, as a penalty does that shares a critique with the loss.
 */
export async function measure(trial: Trial, expected: Gradients): Promise<Measurement> {
  const { shapes, op, penalized = shapes.length } = trial;
  const xs = inputValues(trial).map((values, i) => tf.tensor(values, [...shapes[i]!]));
  const f = (...inputs: tf.Tensor[]) => {
    const y = op(...inputs);
    const weights = tf.tensor(
      Float32Array.from({ length: y.size }, (_, i) => weight(i)),
      y.shape,
    );
    return tf.sum(tf.mul(weights, tf.add(y, tf.div(tf.square(y), 2))));
  };
  const squaredNorm = (gradients: tf.Tensor[]) =>
    tf.addN(gradients.map((g) => tf.sum(tf.square(g))));
  const nested = (...inputs: tf.Tensor[]) => {
    const weights = inputs.slice(penalized);
    const slope = tf.grads((...points) => f(...points, ...weights));
    return squaredNorm(slope(inputs.slice(0, penalized)));
  };
  const shared = (...inputs: tf.Tensor[]) => {
    const y = f(...inputs);
    const points = inputs.slice(0, penalized);
    return squaredNorm(tf.engine().gradients(() => y, points).grads);
  };
  const outcomes = {
    first: await outcome(() => tf.grads(f)(xs), expected.first),
    second: worse(
      await outcome(() => tf.grads(nested)(xs), expected.second),
      await outcome(() => tf.grads(shared)(xs), expected.second),
    ),
  };
  tf.dispose(xs);
  return outcomes;
}

/** The one that throws, else the one with the larger error. */
function worse(a: Outcome, b: Outcome): Outcome {
  if ('message' in a) return a;
  if ('message' in b) return b;
  // NaN, which no comparison holds for, is the worst.
  const ofA = Number.isNaN(a.error) || a.error >= b.error;
  return { error: ofA ? a.error : b.error, right: a.right && b.right };
}

async function outcome(
  gradients: () => tf.Tensor[],
  expected: readonly Float64Array[],
): Promise<Outcome> {
  let tensors: tf.Tensor[] = [];
  try {
    tensors = tf.tidy(gradients);
    const values = await Promise.all(tensors.map((gradient) => gradient.data()));
    return compare(values, expected);
  } catch (error) {
    return { message: error instanceof Error ? error.message : String(error) };
  } finally {
    tf.dispose(tensors);
  }
}

/** Each gradient is judged by its own scale. */
export function compare(
  actual: readonly ArrayLike<number>[],
  expected: readonly Float64Array[],
): Outcome {
  let error = 0;
  let right = true;
  for (const [i, wanted] of expected.entries()) {
    const scale = largest(wanted);
    for (const [k, value] of wanted.entries()) {
      const off = Math.abs(actual[i]![k]! - value);
      const allowed =
        tolerance.ofElement * Math.abs(value) + tolerance.ofLargest * Math.max(1, scale);
      // A comparison that NaN fails.
      right &&= off <= allowed;
      error = Math.max(error, off / (scale || 1));
    }
  }
  return { error, right };
}

/** What comes of each case on the backend that is set, at all or some of its trials. */
export async function measureAll(trialsFrom = 0, trialsTo = Infinity): Promise<Measurements> {
  const measured: Measurements = {};
  for (const { name, trials } of gradientFamilies.flatMap(({ cases }) => cases)) {
    measured[name] = [];
    for (const [i, trial] of trials.entries()) {
      if (i < trialsFrom || i >= trialsTo) continue;
      measured[name][i] = await measure(trial, expectedGradients(trial));
    }
  }
  return measured;
}
