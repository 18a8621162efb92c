import { type Architecture, denseLayer } from '@ganloom/models';
import * as tf from '@tensorflow/tfjs';

/** A network's input of one label, int32 `[batch, 1]`, or of those of `degree` pictures. */
export function labelInput(name = 'label', degree = 1): tf.SymbolicTensor {
  return tf.input({ shape: [degree], name, dtype: 'int32' });
}

export function latentInput({ latentSize }: Architecture): tf.SymbolicTensor {
  return tf.input({ shape: [latentSize], name: 'latent' });
}

/** A discriminator's picture, or `degree` of them side by side in the channels. */
export function pictureInput({ image }: Architecture, degree: number): tf.SymbolicTensor {
  return tf.input({ shape: [image.height, image.width, degree * image.channels], name: 'image' });
}

/** What a discriminator has for each of several pictures is called `name`, `name_1`, … */
export function placed(name: string, place: number): string {
  return place === 0 ? name : `${name}_${place}`;
}

export function apply(
  layer: tf.layers.Layer,
  inputs: tf.SymbolicTensor | tf.SymbolicTensor[],
): tf.SymbolicTensor {
  return layer.apply(inputs) as tf.SymbolicTensor;
}

/** The logit of a discriminator's features. */
export function logitOf(features: tf.SymbolicTensor): tf.SymbolicTensor {
  return apply(denseLayer({ name: 'logit', units: 1 }), features);
}
