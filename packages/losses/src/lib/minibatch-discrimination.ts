import { ganloomError, requireCounts } from '@ganloom/core';
import { concatenate } from '@ganloom/gradients';
import * as tf from '@tensorflow/tfjs';

/**
 * Appends to each example's features how close the others of its batch are, so that a discriminator
 * sees when a generator makes the same thing again and again.
 *
 * Mᵢ = f(xᵢ)T,  c_b(xᵢ, xⱼ) = exp(−‖M_{i,b} − M_{j,b}‖₁),  o(xᵢ)_b = Σ_{j≠i} c_b(xᵢ, xⱼ) / (n − 1)
 *
 * Salimans et al. 2016, arXiv 1606.03498, section 3.2, with the mean over the others where the paper
 * has the sum: what D learns at one batch size holds at another. A batch of one has o = 0. Real and
 * fake batches must go through it apart.
 *
 * Memory grows with n²·B, not n²·B·C, to first order and to second: the gradient, and the gradient of
 * that, compute the distances anew. At n = 64, B = 50, C = 5 it peaks at 7 times n²·B values, in a
 * gradient penalty at 11 times (naive: 44 and 121). Right to any order; from the third on the tape keeps
 * all C differences.
 *
 * @param features f(x), `[n, A]`
 * @param projection T, `[A, B, C]`
 * @returns `[f(x), o(x)]`, `[n, A + B]`
 * @throws GanloomError for other ranks or sizes.
 */
export function minibatchDiscrimination(
  features: tf.Tensor2D,
  projection: tf.Tensor3D,
): tf.Tensor2D {
  requireFeatures(features.shape);
  const [a, b, c] = projection.shape;
  const [n, width] = features.shape;
  if (projection.rank !== 3 || a !== width) {
    const expected = `the projection must have shape [${width},B,C]`;
    throw ganloomError('minibatchDiscrimination', expected, projection.shape);
  }
  return tf.tidy(() => {
    const m = tf.matMul(features, tf.reshape(projection, [a, b * c]));
    return concatenate([features, closeness(tf.reshape(m, [n, b, c]))]) as tf.Tensor2D;
  });
}

/** o, `[n, B]`, of M, `[n, B, C]`. */
function closeness(m: tf.Tensor3D): tf.Tensor2D {
  const op = tf.customGrad((input, save) => {
    const x = input as tf.Tensor3D;
    (save as (tensors: tf.Tensor[]) => void)([x]);
    const others = Math.max(x.shape[0] - 1, 1);
    return {
      // An example is as close as can be to itself: exp(0) = 1.
      value: tf.tidy(() => tf.div(tf.sub(tf.sum(kernels(x), 1), 1), others)),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.div(closenessGradient(saved[0] as tf.Tensor3D, dy as tf.Tensor2D), others),
    };
  });
  return op(m) as tf.Tensor2D;
}

/**
 * h, `[n, B, C]`, with hᵢ = −Σⱼ (gᵢ + gⱼ)·c(xᵢ, xⱼ)·sign(Mᵢ − Mⱼ).
 *
 * Its gradient is written out, because a tape would keep each of the C differences. With w the gradient
 * of h and q_ij = c(xᵢ, xⱼ)·Σ_C (wᵢ − wⱼ)·sign(Mᵢ − Mⱼ), symmetric in i and j,
 *
 * Σ w·h = −½ Σᵢⱼ (gᵢ + gⱼ)·q_ij,  by gᵢ: −Σⱼ q_ij,  by Mᵢ: Σⱼ (gᵢ + gⱼ)·q_ij·sign(Mᵢ − Mⱼ)
 */
function closenessGradient(m: tf.Tensor3D, g: tf.Tensor2D): tf.Tensor {
  const op = tf.customGrad((...given) => {
    const [x, gx, save] = given as [tf.Tensor3D, tf.Tensor2D, (tensors: tf.Tensor[]) => void];
    save([x, gx]);
    return {
      value: tf.tidy(() => tf.neg(pulled(x, tf.mul(sums(gx), kernels(x))))),
      gradFunc: (w: tf.Tensor, saved: tf.Tensor[]) => {
        const [at, weights] = saved as [tf.Tensor3D, tf.Tensor2D];
        return tf.tidy(() => {
          const q = tf.mul(kernels(at), agreement(at, w as tf.Tensor3D));
          return [pulled(at, tf.mul(sums(weights), q)), tf.neg(tf.sum(q, 1))];
        });
      },
    };
  });
  return op(m, g);
}

/** gᵢ + gⱼ, `[n, n, B]`. */
function sums(g: tf.Tensor2D): tf.Tensor {
  return tf.add(tf.expandDims(g, 1), tf.expandDims(g, 0));
}

/** Σⱼ p_ij·sign(Mᵢ − Mⱼ), `[n, B, C]`, of p `[n, n, B]`. */
function pulled(m: tf.Tensor3D, p: tf.Tensor): tf.Tensor {
  // Tidied one by one, here and below, so that without a tape few of them are in memory at a time.
  const parts = coordinates(m).map((x) =>
    tf.tidy(() => tf.sum(tf.mul(p, tf.sign(differences(x))), 1)),
  );
  return tf.stack(parts, 2);
}

/** Σ_C (wᵢ − wⱼ)·sign(Mᵢ − Mⱼ), `[n, n, B]`. */
function agreement(m: tf.Tensor3D, w: tf.Tensor3D): tf.Tensor {
  const ofW = coordinates(w);
  return overCoordinates(m, (x, k) => tf.mul(differences(ofW[k]!), tf.sign(differences(x))));
}

/** c_b(xᵢ, xⱼ), `[n, n, B]`. */
function kernels(m: tf.Tensor3D): tf.Tensor {
  return tf.tidy(() => tf.exp(tf.neg(overCoordinates(m, (x) => tf.abs(differences(x))))));
}

/** Σ_C of what `part` makes of a slice of M, with two of them in memory at a time. */
function overCoordinates(
  m: tf.Tensor3D,
  part: (x: tf.Tensor2D, k: number) => tf.Tensor,
): tf.Tensor {
  return tf.tidy(() => {
    let sum: tf.Tensor = tf.scalar(0);
    coordinates(m).forEach((x, k) => {
      const before = sum;
      sum = tf.tidy(() => tf.add(before, part(x, k)));
      before.dispose();
    });
    return sum;
  });
}

/** The C slices `[n, B]` of M. */
function coordinates(m: tf.Tensor3D): tf.Tensor2D[] {
  const [n, b, c] = m.shape;
  return Array.from({ length: c }, (_, k) => tf.reshape(tf.slice(m, [0, 0, k], [n, b, 1]), [n, b]));
}

/** xᵢ − xⱼ, `[n, n, B]`. */
function differences(x: tf.Tensor2D): tf.Tensor {
  return tf.sub(tf.expandDims(x, 1), tf.expandDims(x, 0));
}

/** Settings of {@link minibatchDiscriminationLayer}. */
export interface MinibatchDiscriminationOptions {
  readonly name?: string;
  /** B, the number of features appended. */
  readonly kernels: number;
  /** C, the length of the vectors whose distances are taken; default 5. */
  readonly dimensions?: number;
}

/**
 * {@link minibatchDiscrimination} as a layer with T as its weight: `[batch, A]` to `[batch, A + B]`.
 *
 * T begins as N(0, s²) with s = √π / (2C√A): features of unit variance then have an expected
 * distance of C·√(2A)·s·√(2/π) = 1, so that o begins near e⁻¹ for any A, B, C and batch size. With
 * s = 1 the exponentials of wide features are all zero, and so are their gradients.
 *
 * @throws UsageError if a count is no positive integer.
 */
export function minibatchDiscriminationLayer(
  options: MinibatchDiscriminationOptions,
): tf.layers.Layer {
  registerMinibatchDiscrimination();
  return new MinibatchDiscrimination(options);
}

/** Lets TensorFlow.js load the layer. */
export function registerMinibatchDiscrimination(): void {
  tf.serialization.registerClass(MinibatchDiscrimination);
}

type Config = MinibatchDiscriminationOptions & tf.serialization.ConfigDict;

class MinibatchDiscrimination extends tf.layers.Layer {
  static readonly className = 'MinibatchDiscrimination';
  readonly #kernels: number;
  readonly #dimensions: number;
  #projection?: tf.LayerVariable;
  /** Named as stock layers name theirs, for those who draw first weights from a seed. */
  projectionInitializer?: ReturnType<typeof tf.initializers.randomNormal>;

  constructor(options: MinibatchDiscriminationOptions) {
    super(options as Config);
    const { kernels: count, dimensions = 5 } = options;
    requireCounts('minibatchDiscriminationLayer', { kernels: count, dimensions });
    this.#kernels = count;
    this.#dimensions = dimensions;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = inputShape as tf.Shape;
    requireFeatures(shape);
    const stddev = Math.sqrt(Math.PI / shape[1]!) / (2 * this.#dimensions);
    this.projectionInitializer = tf.initializers.randomNormal({ mean: 0, stddev });
    this.#projection = this.addWeight(
      'projection',
      [shape[1]!, this.#kernels, this.#dimensions],
      'float32',
      this.projectionInitializer,
    );
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const features = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor2D;
    return minibatchDiscrimination(features, this.#projection!.read() as tf.Tensor3D);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [batch, width] = inputShape as tf.Shape;
    return [batch!, width! + this.#kernels];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), kernels: this.#kernels, dimensions: this.#dimensions };
  }
}

function requireFeatures(shape: readonly (number | null)[]): void {
  if (shape.length !== 2) {
    const [where, expected] = ['minibatchDiscrimination', 'features must have rank 2'];
    throw ganloomError(where, expected, shape, 'flatten them first');
  }
}
