import { forward } from '@ganloom/gradients';
import { featuresOf, logitOf, sampleInput } from '@ganloom/models';
import * as tf from '@tensorflow/tfjs';
import type { DiscriminatorConditioning } from './conditioning';
import { columnsOf } from './labels';
import { apply, classVector, labelInput, placed } from './networks';

/**
 * The projection discriminator.
 *
 * D(x, y) = ψ(φ(x)) + ⟨v_y, φ(x)⟩
 *
 * φ are the architecture's features, ψ a dense unit, v_y a vector per class.
 *
 * Miyato and Koyama 2018 (arXiv 1802.05637). v begins as N(0, 0.02), as the kernel of DCGAN's ψ does.
 *
 * Of m pictures that are judged together, with the classes y₁, …, y_m, each place has vectors of its own,
 * or D could not tell which picture is to show which class:
 *
 * D(x, y) = ψ(φ(x)) + Σᵢ ⟨v⁽ⁱ⁾_yᵢ, φ(x)⟩
 */
export function classProduct(): DiscriminatorConditioning {
  return {
    name: 'class-product',
    network(architecture, classes, degree, changes) {
      const picture = sampleInput(architecture, degree);
      const features = featuresOf(architecture, picture, changes);
      const size = features.shape[1]!;
      const labels = Array.from({ length: degree }, (_, i) => labelInput(placed('label', i)));
      const products = labels.map((label, place) => {
        const name = placed('class_direction', place);
        const flat = placed('class_direction_flat', place);
        const vector = classVector(label, flat, { name, classes, size, stddev: 0.02 });
        const dot = tf.layers.dot({ name: placed('class_product', place), axes: -1 });
        return apply(dot, [features, vector]);
      });
      const logits = [logitOf(features, changes), ...products];
      const outputs = apply(tf.layers.add({ name: 'class_logit' }), logits);
      return tf.model({ name: 'discriminator', inputs: [picture, ...labels], outputs });
    },
    critique: (network, { images, labels }, random) => ({
      logits: forward(network, [images, ...columnsOf(labels)], { training: true, random }),
    }),
    terms: [],
  };
}
