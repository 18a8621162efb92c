import type { Critique } from '@ganloom/core';
import { forward } from '@ganloom/gradients';
import { embeddingLayer } from '@ganloom/models';
import * as tf from '@tensorflow/tfjs';
import { columnsOf } from './labels';
import { labeledNormGenerator } from './conditional-batch-norm';
import type { Conditioning } from './conditioning';
import { apply, labelInput, logitOf, pictureInput, placed } from './networks';

/**
 * The projection discriminator, with conditional batch normalization in the generator.
 *
 * D(x, y) = ψ(φ(x)) + ⟨v_y, φ(x)⟩
 *
 * φ are the architecture's features, ψ a dense unit, v_y a vector per class.
 *
 * Miyato and Koyama 2018 (arXiv 1802.05637). v begins as N(0, 0.02), as the kernel of ψ does.
 *
 * Of m pictures that are judged together, with the classes y₁, …, y_m, each place has vectors of its own,
 * or D could not tell which picture is to show which class:
 *
 * D(x, y) = ψ(φ(x)) + Σᵢ ⟨v⁽ⁱ⁾_yᵢ, φ(x)⟩
 */
export function projection(): Conditioning {
  return {
    name: 'projection',
    generator: labeledNormGenerator,
    discriminator(architecture, classes, degree) {
      const picture = pictureInput(architecture, degree);
      const features = architecture.discriminator(picture);
      const size = features.shape[1]!;
      const labels = Array.from({ length: degree }, (_, i) => labelInput(placed('label', i)));
      const products = labels.map((label, place) => {
        const name = placed('class_direction', place);
        const table = embeddingLayer({ name, classes, size, stddev: 0.02 });
        const flat = tf.layers.flatten({ name: placed('class_direction_flat', place) });
        const dot = tf.layers.dot({ name: placed('class_product', place), axes: -1 });
        return apply(dot, [features, apply(flat, apply(table, label))]);
      });
      const logits = [logitOf(features), ...products];
      const logit = apply(tf.layers.add({ name: 'class_logit' }), logits);
      return tf.model({ name: 'discriminator', inputs: [picture, ...labels], outputs: logit });
    },
    critique: (discriminator, { images, labels }): Critique => ({
      logits: forward(discriminator, [images, ...columnsOf(labels)], { training: true }),
    }),
    terms: [],
  };
}
