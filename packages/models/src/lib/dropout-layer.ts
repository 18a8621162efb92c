import { requireNumbers } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { type CallArguments, chancesOf } from './layer-chances';

/** Settings of {@link dropoutLayer}. */
export interface DropoutLayerOptions {
  readonly name?: string;
  /** The share of values that become 0. */
  readonly rate: number;
}

/**
 * Dropout with chances from the seeded stream that `forward` hands to layers: in training each value is
 * 0 with a chance of `rate`, and the others grow so that the mean stays.
 *
 * y = x ⊙ m / (1 − rate),  m ~ Bernoulli(1 − rate)
 *
 * Srivastava et al. 2014. At inference it gives what it gets. Right to any order. What loads a saved model
 * calls `registerLayers` first.
 *
 * @throws UsageError if `rate` is no number from 0 to less than 1; in training without a stream.
 */
export function dropoutLayer(options: DropoutLayerOptions): tf.layers.Layer {
  registerDropout();
  return new SeededDropout(options);
}

/** Lets TensorFlow.js load the layer. */
export function registerDropout(): void {
  tf.serialization.registerClass(SeededDropout);
}

type Config = DropoutLayerOptions & tf.serialization.ConfigDict;

class SeededDropout extends tf.layers.Layer {
  static readonly className = 'SeededDropout';
  readonly #rate: number;

  constructor(options: DropoutLayerOptions) {
    super(options as Config);
    const { rate } = options;
    requireNumbers('dropoutLayer', { rate }, { min: 0, below: 1 });
    this.#rate = rate;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], given?: CallArguments): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    const random = chancesOf('dropoutLayer', given);
    if (!given?.training || this.#rate === 0) return tf.clone(x);
    return tf.tidy(() => {
      const chances = random!.uniform(x.shape);
      const kept = tf.cast(tf.greaterEqual(chances, this.#rate), 'float32');
      return tf.mul(x, tf.div(kept, 1 - this.#rate));
    });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return inputShape;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.#rate };
  }
}
