import * as tf from '@tensorflow/tfjs';
import { rememberInitializers } from './initializer-memory';
import { type CallArguments, chancesOf } from './layer-chances';

/** Settings of {@link noiseLayer}. */
export interface NoiseLayerOptions {
  readonly name?: string;
}

/**
 * Adds one map of Gaussian noise for each example, with a learned scale for each channel, so that a
 * generator need not make chance details out of its latent.
 *
 * y_{b,i,j,c} = x_{b,i,j,c} + s_c·ε_{b,i,j},  ε ~ N(0, 1),  s begins at 0
 *
 * Karras, Laine and Aila 2018 (StyleGAN), arXiv 1812.04948, section 2. The noise comes from the seeded
 * stream that `forward` hands to layers; at inference without a stream there is none, and the layer gives
 * the mean. Inputs are `[batch, …, channels]`. Right to second order. What loads a saved model calls
 * `registerLayers` first.
 *
 * @throws UsageError in training without a stream.
 */
export function noiseLayer(options: NoiseLayerOptions = {}): tf.layers.Layer {
  registerNoise();
  rememberInitializers();
  return new ScaledNoise(options);
}

/** Lets TensorFlow.js load the layer. */
export function registerNoise(): void {
  tf.serialization.registerClass(ScaledNoise);
}

type Config = NoiseLayerOptions & tf.serialization.ConfigDict;

class ScaledNoise extends tf.layers.Layer {
  static readonly className = 'ScaledNoise';
  #scale?: tf.LayerVariable;
  /** Named as stock layers name theirs. */
  readonly scaleInitializer = tf.initializers.zeros();

  constructor(options: NoiseLayerOptions) {
    super(options as Config);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape).at(-1)!;
    this.#scale = this.addWeight('scale', [channels], 'float32', this.scaleInitializer);
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], given?: CallArguments): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    const random = chancesOf('noiseLayer', given);
    if (!random) return tf.clone(x);
    return tf.tidy(() => {
      const noise = random.normal([...x.shape.slice(0, -1), 1]);
      return tf.add(x, tf.mul(noise, this.#scale!.read()));
    });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return inputShape;
  }
}
