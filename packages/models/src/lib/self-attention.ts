import { ganloomError, requireCounts } from '@ganloom/core';
import { dense } from '@ganloom/gradients';
import * as tf from '@tensorflow/tfjs';
import { rememberInitializers } from './initializer-memory';
import type { CallArguments } from './layer-chances';
import { beginSingularVector, underSpectralNorm } from './spectral-normalization';

/** What {@link selfAttention} learns. */
export type SelfAttentionWeights = {
  /** W_f, `[channels, width]`: what a position is found by. */
  readonly key: tf.Tensor2D;
  /** W_g, `[channels, width]`: what a position looks for. */
  readonly query: tf.Tensor2D;
  /** W_h, `[channels, channels]`: what is taken from a position. */
  readonly value: tf.Tensor2D;
  /** γ, how much of what is found is added. */
  readonly gamma: tf.Scalar;
};

/**
 * Self-attention: each position of a map looks at all others, and adds what it finds there.
 *
 * s_ij = f(xᵢ)·g(xⱼ),  β_ji = exp(s_ij) / Σᵢ exp(s_ij),  oⱼ = Σᵢ β_ji h(xᵢ),  y = γ·o + x
 *
 * f, g and h are 1×1 convolutions without a bias. Zhang, Goodfellow, Metaxas and Odena 2018 (SAGAN),
 * arXiv 1805.08318v1, section 3; the published version makes h as narrow as f and g, and widens what is found
 * by another convolution v. Memory grows with the square of the number of positions. Right to second
 * order after `installGradients()`, which the trainer calls; the caller disposes the result.
 *
 * @param x `[batch, height, width, channels]`
 */
export function selfAttention(
  x: tf.Tensor4D,
  { key, query, value, gamma }: SelfAttentionWeights,
): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  return tf.tidy(() => {
    const pixels = tf.reshape(x, [-1, channels]) as tf.Tensor2D;
    const seen = (weight: tf.Tensor2D) =>
      tf.reshape(dense(pixels, weight), [batch, height * width, weight.shape[1]]);
    const shares = tf.softmax(tf.matMul(seen(query), seen(key), false, true));
    const found = tf.reshape(tf.matMul(shares, seen(value)), x.shape);
    return tf.add<tf.Tensor4D>(tf.mul(gamma, found), x);
  });
}

/** Settings of {@link selfAttentionLayer}. */
export interface SelfAttentionLayerOptions {
  readonly name?: string;
  /** Channels of the map for each of f and g; default 8, as theirs are in the paper. */
  readonly reduction?: number;
  /** Divides W_f, W_g and W_h by their largest singular values, as `spectrallyNormalized`. Default false. */
  readonly spectralNorm?: boolean;
}

/**
 * {@link selfAttention} as a layer: maps `[batch, height, width, channels]` of any size, to maps of the same
 * shape.
 *
 * γ begins at 0, so that a network begins as it is without the layer; f, g and h begin as in Glorot and
 * Bengio 2010. Put it at a resolution of 8 to 32. What loads a saved model calls `registerLayers` first.
 *
 * @throws UsageError if `reduction` is no positive integer; GanloomError at inputs that are no maps.
 */
export function selfAttentionLayer(options: SelfAttentionLayerOptions = {}): tf.layers.Layer {
  registerSelfAttention();
  rememberInitializers();
  return new SelfAttention(options);
}

/** Lets TensorFlow.js load the layer. */
export function registerSelfAttention(): void {
  tf.serialization.registerClass(SelfAttention);
}

type Config = SelfAttentionLayerOptions & tf.serialization.ConfigDict;

/** A weight, and the estimate of its singular vector where it is divided by the value. */
interface Projection {
  readonly weight: tf.LayerVariable;
  readonly u?: tf.LayerVariable;
}

class SelfAttention extends tf.layers.Layer {
  static readonly className = 'SelfAttention';
  readonly #reduction: number;
  readonly #spectralNorm: boolean;
  #projections?: Readonly<Record<'key' | 'query' | 'value', Projection>>;
  #gamma?: tf.LayerVariable;

  constructor(options: SelfAttentionLayerOptions) {
    super(options as Config);
    const { reduction = 8, spectralNorm = false } = options;
    requireCounts('selfAttentionLayer', { reduction });
    this.#reduction = reduction;
    this.#spectralNorm = spectralNorm;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = inputShape as tf.Shape;
    const channels = shape.at(-1);
    if (shape.length !== 4 || typeof channels !== 'number') {
      const expected = 'inputs must be maps [batch, height, width, channels]';
      const received = shape.map((side) => side ?? 'any');
      const remedy = 'put it before they are flattened';
      throw ganloomError('selfAttentionLayer', expected, received, remedy);
    }
    const width = Math.max(1, Math.floor(channels / this.#reduction));
    const add = (name: string, columns: number): Projection => {
      const glorot = tf.initializers.glorotNormal({});
      const weight = this.addWeight(name, [channels, columns], 'float32', glorot);
      if (!this.#spectralNorm) return { weight };
      const zeros = tf.initializers.zeros();
      const u = this.addWeight(`${name}_u`, [columns, 1], 'float32', zeros, undefined, false);
      beginSingularVector(u);
      return { weight, u };
    };
    this.#projections = {
      key: add('key', width),
      query: add('query', width),
      value: add('value', channels),
    };
    this.#gamma = this.addWeight('gamma', [], 'float32', tf.initializers.zeros());
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], given?: CallArguments): tf.Tensor {
    const x = (Array.isArray(inputs) ? inputs[0]! : inputs) as tf.Tensor4D;
    const training = given?.training === true;
    return tf.tidy(() => {
      const read = ({ weight, u }: Projection) =>
        (u ? underSpectralNorm(weight.read(), u, training) : weight.read()) as tf.Tensor2D;
      const { key, query, value } = this.#projections!;
      const gamma = this.#gamma!.read() as tf.Scalar;
      return selfAttention(x, { key: read(key), query: read(query), value: read(value), gamma });
    });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return inputShape;
  }

  override getConfig(): tf.serialization.ConfigDict {
    const [reduction, spectralNorm] = [this.#reduction, this.#spectralNorm];
    return { ...super.getConfig(), reduction, spectralNorm };
  }
}
