import type { RandomStream } from '@ganloom/core';
import type * as tf from '@tensorflow/tfjs';
import { apply } from './functional';
import { batchNormLayer } from './layers';

/** A layer, or several, between a linear map and its activation. `name` names them. */
export interface Normalize {
  (x: tf.SymbolicTensor, name: string): tf.SymbolicTensor;
  /**
   * It takes the mean away and adds a shift of its own, as batch normalization does, so that the map
   * before it has no bias. Default false.
   */
  readonly hasShift?: boolean;
}

/**
 * A GAN's networks before they are networks: bodies as functions of symbolic tensors, and how their
 * weights begin. What goes in before and what is read off at the end (a latent and a logit, or labels
 * besides) is for others to say: `generatorOf` and `discriminatorOf` make the unconditional ones.
 */
export interface Architecture {
  readonly name: string;
  /** Of one sample: `[height, width, channels]`, or `[coordinates]` of a point. */
  readonly shape: readonly number[];
  readonly latentSize: number;
  /**
   * Samples `[batch, …shape]`, pictures in [−1, 1], from vectors `[batch, n]` of any length;
   * `normalize` takes the place of the normalizations.
   */
  generator(latent: tf.SymbolicTensor, normalize?: Normalize): tf.SymbolicTensor;
  /**
   * Features `[batch, n]` of samples of any number of channels or coordinates; logits are linear in
   * them.
   */
  discriminator(sample: tf.SymbolicTensor, changes?: DiscriminatorChanges): tf.SymbolicTensor;
  /**
   * Draws the first weights of a network that holds one of the bodies from the stream alone, and gives
   * the network. Layers around the body begin by the same law.
   */
  initialize(model: tf.LayersModel, random: RandomStream): tf.LayersModel;
}

/** What losses and cures of mode collapse want otherwise in a discriminator. */
export interface DiscriminatorChanges {
  /** Takes the place of the normalizations: {@link unnormalized} for gradient penalties. */
  readonly normalize?: Normalize;
  /** Makes another layer of each that has a kernel, as spectral normalization does. */
  readonly constrain?: (layer: tf.layers.Layer) => tf.layers.Layer;
}

/** The same for a whole discriminator: its body and what is read off it. */
export interface HeadedChanges extends DiscriminatorChanges {
  /** Layers between features `[batch, n]` and logit, such as minibatch discrimination; default none. */
  readonly head?: (features: tf.SymbolicTensor) => tf.SymbolicTensor;
}

/** Batch normalization, which is what networks have by themselves. */
export const batchNorm: Normalize = Object.assign(
  (x: tf.SymbolicTensor, name: string) => apply(batchNormLayer(name), x),
  { hasShift: true },
);

/** No normalization. */
export const unnormalized: Normalize = (x) => x;
