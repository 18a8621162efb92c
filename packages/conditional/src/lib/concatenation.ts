import type { Critique } from '@ganloom/core';
import { forward } from '@ganloom/gradients';
import { type Architecture, concatenateLayer, embeddingLayer } from '@ganloom/models';
import * as tf from '@tensorflow/tfjs';
import type { Conditioning } from './conditioning';
import { rowsOf } from './labels';
import { apply, labelInput, latentInput, logitOf, pictureInput } from './networks';

/** Length of a class's vector beside the latent: weighs about half as much as 64 latents. */
const VECTOR_SIZE = 16;

/**
 * Concatenation: a learned vector of the class beside the latent, and a learned map of the class
 * beside the picture's channels.
 *
 * G(z, y) = G([z, u_y]),  D(x, y) = D([x, m_y])
 *
 * Mirza and Osindero 2014 (arXiv 1411.1784), who concatenate one-hot vectors to the inputs of
 * perceptrons. For convolutions m_y is `[height, width, 1]`. Vectors and maps begin as N(0, 1), as
 * loud as latents and pictures are. Pictures that are judged together have a map each: the channels are
 * x₁, …, x_m, m_y₁, …, m_y_m.
 */
export function concatenation(): Conditioning {
  return {
    name: 'concatenation',
    generator: labeledLatentGenerator,
    discriminator(architecture, classes, degree) {
      const { height, width } = architecture.image;
      const picture = pictureInput(architecture, degree);
      const labels = labelInput('label', degree);
      const table = embeddingLayer({ name: 'class_map_table', classes, size: height * width });
      const last = tf.layers.permute({ name: 'class_map_last', dims: [2, 1] });
      const targetShape = [height, width, degree];
      const map = tf.layers.reshape({ name: 'class_map', targetShape });
      const both = apply(concatenateLayer('picture_and_class'), [
        picture,
        apply(map, apply(last, apply(table, labels))),
      ]);
      const logit = logitOf(architecture.discriminator(both));
      return tf.model({ name: 'discriminator', inputs: [picture, labels], outputs: logit });
    },
    critique: (discriminator, { images, labels }): Critique => ({
      logits: forward(discriminator, [images, rowsOf(labels)], { training: true }),
    }),
    terms: [],
  };
}

/** A generator of which the class's vector is a part of the latent. */
export function labeledLatentGenerator(
  architecture: Architecture,
  classes: number,
): tf.LayersModel {
  const [latent, label] = [latentInput(architecture), labelInput()];
  const table = embeddingLayer({ name: 'class_vector_table', classes, size: VECTOR_SIZE });
  const vector = apply(tf.layers.flatten({ name: 'class_vector' }), apply(table, label));
  const both = apply(concatenateLayer('latent_and_class'), [latent, vector]);
  const picture = architecture.generator(both);
  return tf.model({ name: 'generator', inputs: [latent, label], outputs: picture });
}
