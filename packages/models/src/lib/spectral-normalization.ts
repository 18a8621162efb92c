import { RandomStream, UsageError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { rememberInitializers } from './initializer-memory';

/** Against division by zero; far below the norm of any kernel that learns. */
const EPSILON = 1e-12;

/** Estimates of {@link spectralNorm}. */
export type SpectralNorm = {
  /** σ ≈ the largest singular value, and never above it. */
  readonly sigma: tf.Scalar;
  /** The next u, `[columns, 1]`, no part of the gradient. */
  readonly u: tf.Tensor2D;
};

/**
 * The largest singular value of a matrix by one step of power iteration:
 *
 * v = Wu/‖Wu‖,  u′ = Wᵀv/‖Wᵀv‖,  σ = vᵀWu′
 *
 * The gradient of σ takes u and v as constants, so it is vu′ᵀ: exact once u has converged. So is then
 * the gradient with respect to W of a gradient with respect to a layer's inputs, as in penalties. A second
 * derivative with respect to W, as in unrolled steps, leaves out how u and v turn with W.
 *
 * Miyato et al. 2018, arXiv 1802.05957, algorithm 1.
 *
 * @param w `[rows, columns]`
 * @param u estimate of the right singular vector, `[columns, 1]`
 */
export function spectralNorm(w: tf.Tensor2D, u: tf.Tensor2D): SpectralNorm {
  let next: tf.Tensor2D | undefined;
  const op = tf.customGrad((input, save) => {
    const matrix = input as tf.Tensor2D;
    const v = unit(tf.matMul(matrix, u));
    const projected = tf.matMul(matrix, v, true) as tf.Tensor2D;
    next = tf.keep(unit(projected));
    (save as (tensors: tf.Tensor[]) => void)([v, next]);
    return {
      // vᵀWu′ = ‖Wᵀv‖
      value: tf.norm(projected),
      gradFunc: (dy: tf.Tensor, [left, right]: tf.Tensor[]) =>
        tf.mul(dy, tf.matMul(left!, right!, false, true)),
    };
  });
  return tf.tidy(() => {
    const sigma = op(w) as tf.Scalar;
    // A clone, which the caller's scope disposes, unlike what was kept.
    const result = { sigma, u: tf.clone(next!) };
    next!.dispose();
    return result;
  });
}

function unit(vector: tf.Tensor): tf.Tensor2D {
  return tf.div(vector, tf.add(tf.norm(vector), EPSILON));
}

/**
 * A Dense or Conv2D layer with its kernel divided by its largest singular value, so that a dense
 * layer stretches no distance: ‖f(x) − f(y)‖ ≤ ‖x − y‖. A convolution's kernel counts as the matrix
 * `[height·width·inChannels, outChannels]`.
 *
 * W̄ = W / σ(W)
 *
 * Miyato et al. 2018, arXiv 1802.05957. Each call in training takes one step of power iteration and
 * keeps its u, a weight that does not learn, so that checkpoints and saved models carry it; other
 * calls take σ from that u and change nothing. u starts the same for every layer, and needs a few
 * dozen steps to get near; until then σ is too small, never too large.
 *
 * The layer has the name and the kernel's name of the one it is made of, which becomes part of it:
 * use that no more. What loads the saved model calls `registerLayers` first.
 *
 * @throws UsageError for other layers, and for one that is part of a model already.
 */
export function spectrallyNormalized(layer: tf.layers.Layer): tf.layers.Layer {
  registerSpectralNormalization();
  rememberInitializers();
  return new SpectralNormalization({ layer });
}

/**
 * A weight `[…, columns]` over its largest singular value, by the estimate that a layer keeps in `u`, a
 * weight `[columns, 1]` that does not learn. In training the estimate takes its next step.
 */
export function underSpectralNorm(
  weight: tf.Tensor,
  u: tf.LayerVariable,
  training: boolean,
): tf.Tensor {
  return tf.tidy(() => {
    const matrix = tf.reshape(weight, [-1, weight.shape.at(-1)!]) as tf.Tensor2D;
    const { sigma, u: next } = spectralNorm(matrix, u.read() as tf.Tensor2D);
    if (training) u.write(next);
    return tf.div(weight, tf.add(sigma, EPSILON));
  });
}

/** Where the estimate of {@link underSpectralNorm} begins. */
export function beginSingularVector(u: tf.LayerVariable): void {
  // Any direction will do that is not orthogonal to the one sought, which chance makes sure of.
  tf.tidy(() => void u.write(RandomStream.fromSeed(0).normal(u.shape as number[])));
}

/** Lets TensorFlow.js load such layers. */
export function registerSpectralNormalization(): void {
  tf.serialization.registerClass(SpectralNormalization);
}

/** What the two kinds of layer have and do not declare. */
interface WithKernel extends tf.layers.Layer {
  kernel: Pick<tf.LayerVariable, 'read' | 'shape'>;
}

type Config = ConstructorParameters<typeof tf.layers.Layer>[0];
type SerializedLayer = { className: string; config: tf.serialization.ConfigDict };

class SpectralNormalization extends tf.layers.Layer {
  static readonly className = 'SpectralNormalisation';
  readonly #inner: WithKernel;
  #u?: tf.LayerVariable;

  constructor({ layer, ...config }: { readonly layer: tf.layers.Layer }) {
    const kind = layer.getClassName();
    if (kind !== 'Dense' && kind !== 'Conv2D') {
      throw new UsageError(
        `spectrallyNormalized: the layer must be Dense or Conv2D, got "${kind}"`,
      );
    }
    if (layer.built) {
      throw new UsageError(
        `spectrallyNormalized: the layer must be new, got "${layer.name}, in use"; make one for this alone`,
      );
    }
    const { name, trainable } = layer;
    const { batchInputShape } = layer as { batchInputShape?: tf.Shape };
    super({ name, trainable, ...(batchInputShape && { batchInputShape }), ...config } as Config);
    // Whether its weights learn is for this layer to say, which takes them over.
    layer.trainable = true;
    this.#inner = layer as WithKernel;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const inner = this.#inner;
    inner.build(inputShape);
    // As this layer's own they are counted, saved, set and disposed as any layer's.
    this.trainableWeights = inner.trainableWeights;
    const shape = [inner.kernel.shape.at(-1)!, 1];
    const u = this.addWeight('u', shape, 'float32', tf.initializers.zeros(), undefined, false);
    beginSingularVector(u);
    this.#u = u;
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean }): tf.Tensor {
    return tf.tidy(() => {
      const inner = this.#inner;
      const { kernel } = inner;
      const training = kwargs?.training === true;
      const normalized = underSpectralNorm(kernel.read(), this.#u!, training);
      // The stock layer reads its kernel through this property.
      inner.kernel = { shape: kernel.shape, read: () => normalized };
      try {
        return inner.call(inputs, kwargs) as tf.Tensor;
      } finally {
        inner.kernel = kernel;
      }
    });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return this.#inner.computeOutputShape(inputShape);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const layer = { className: this.#inner.getClassName(), config: this.#inner.getConfig() };
    return { ...super.getConfig(), layer };
  }

  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    const { className, config: inner } = config['layer'] as SerializedLayer;
    const [kind, make] = tf.serialization.SerializationMap.getMap().classNameMap[className]!;
    return new cls({ ...config, layer: make(kind, inner) });
  }
}
