import { type Critique, forward } from '@ganloom/core';
import { embeddingLayer } from '@ganloom/models';
import * as tf from '@tensorflow/tfjs';
import { columnOf } from './labels';
import { labelledNormGenerator } from './conditional-batch-norm';
import type { Conditioning } from './conditioning';
import { apply, labelInput, logitOf, pictureInput } from './networks';

/**
 * The projection discriminator, with conditional batch normalisation in the generator.
 *
 * D(x, y) = ψ(φ(x)) + ⟨v_y, φ(x)⟩
 *
 * φ are the architecture's features, ψ a dense unit, v_y a vector per class.
 *
 * Miyato and Koyama 2018 (arXiv 1802.05637). v begins as N(0, 0.02), as the kernel of ψ does.
 */
export function projection(): Conditioning {
  return {
    name: 'projection',
    generator: labelledNormGenerator,
    discriminator(architecture, classes) {
      const [picture, label] = [pictureInput(architecture), labelInput()];
      const features = architecture.discriminator(picture);
      const size = features.shape[1]!;
      const table = embeddingLayer({ name: 'class_direction', classes, size, stddev: 0.02 });
      const direction = apply(
        tf.layers.flatten({ name: 'class_direction_flat' }),
        apply(table, label),
      );
      const product = apply(tf.layers.dot({ name: 'class_product', axes: -1 }), [
        features,
        direction,
      ]);
      const logit = apply(tf.layers.add({ name: 'class_logit' }), [logitOf(features), product]);
      return tf.model({ name: 'discriminator', inputs: [picture, label], outputs: logit });
    },
    critique: (discriminator, { images, labels }): Critique => ({
      logits: forward(discriminator, [images, columnOf(labels)], { training: true }),
    }),
    terms: [],
  };
}
