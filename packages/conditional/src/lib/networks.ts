import { type Architecture, denseLayer } from '@ganloom/models';
import * as tf from '@tensorflow/tfjs';

/** A network's label input, int32 `[batch, 1]`. */
export function labelInput(): tf.SymbolicTensor {
  return tf.input({ shape: [1], name: 'label', dtype: 'int32' });
}

export function latentInput({ latentSize }: Architecture): tf.SymbolicTensor {
  return tf.input({ shape: [latentSize], name: 'latent' });
}

export function pictureInput({ image }: Architecture): tf.SymbolicTensor {
  return tf.input({ shape: [image.height, image.width, image.channels], name: 'image' });
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
