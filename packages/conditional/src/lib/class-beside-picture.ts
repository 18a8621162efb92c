import { forward } from '@ganloom/gradients';
import {
  concatenateLayer,
  embeddingLayer,
  featuresOf,
  logitOf,
  sampleInput,
} from '@ganloom/models';
import * as tf from '@tensorflow/tfjs';
import type { DiscriminatorConditioning } from './conditioning';
import { rowsOf } from './labels';
import { apply, labelInput } from './networks';

/**
 * A discriminator that sees a learned map of the class beside the picture's channels.
 *
 * D(x, y) = D([x, m_y])
 *
 * Mirza and Osindero 2014 (arXiv 1411.1784), who concatenate one-hot vectors to the inputs of
 * perceptrons; for convolutions m_y is `[height, width, 1]`. Maps begin as N(0, 1), as loud as pictures
 * are. Pictures that are judged together have a map each: the channels are x₁, …, x_m, m_y₁, …, m_y_m.
 */
export function classBesidePicture(): DiscriminatorConditioning {
  return {
    name: 'class-beside-picture',
    network(architecture, classes, degree, changes) {
      const positions = architecture.shape.slice(0, -1);
      const size = tf.util.sizeFromShape(positions);
      const picture = sampleInput(architecture, degree);
      const labels = labelInput('label', degree);
      const table = embeddingLayer({ name: 'class_map_table', classes, size });
      const last = tf.layers.permute({ name: 'class_map_last', dims: [2, 1] });
      const targetShape = [...positions, degree];
      const map = tf.layers.reshape({ name: 'class_map', targetShape });
      const both = apply(concatenateLayer('picture_and_class'), [
        picture,
        apply(map, apply(last, apply(table, labels))),
      ]);
      const outputs = logitOf(featuresOf(architecture, both, changes), changes);
      return tf.model({ name: 'discriminator', inputs: [picture, labels], outputs });
    },
    critique: (network, { images, labels }, random) => ({
      logits: forward(network, [images, rowsOf(labels)], { training: true, random }),
    }),
    terms: [],
  };
}
