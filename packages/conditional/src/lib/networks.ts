import { embeddingLayer, type EmbeddingLayerOptions } from '@ganloom/models';
import * as tf from '@tensorflow/tfjs';

/** The input of a generator that takes the class. */
export const LABEL = 'label';

/** A network's input of one label, int32 `[batch, 1]`, or of those of `degree` pictures. */
export function labelInput(name = LABEL, degree = 1): tf.SymbolicTensor {
  return tf.input({ shape: [degree], name, dtype: 'int32' });
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

/** A vector per class, `[batch, size]`, of a label `[batch, 1]`; `flat` names the layer after the table. */
export function classVector(
  label: tf.SymbolicTensor,
  flat: string,
  table: EmbeddingLayerOptions,
): tf.SymbolicTensor {
  return apply(tf.layers.flatten({ name: flat }), apply(embeddingLayer(table), label));
}
