import type { Critique } from '@ganloom/core';
import { type Architecture, embeddingLayer } from '@ganloom/models';
import * as tf from '@tensorflow/tfjs';
import type { Conditioning } from './conditioning';
import { columnOf } from './labels';
import { apply, labelInput, latentInput, logitOf, pictureInput } from './networks';

const X: any = process.env;
const oneHot = (name: string, classes: number) => tf.layers.embedding({ name, inputDim: classes, outputDim: classes, embeddingsInitializer: 'identity', trainable: false });

export function labelledLatentGenerator(
  architecture: Architecture,
  classes: number,
): tf.LayersModel {
  const [latent, label] = [latentInput(architecture), labelInput()];
  const layer = X.G === 'onehot' ? oneHot('class', classes) : embeddingLayer({ name: 'class', classes, size: +(X.GS ?? 16) });
  const v = apply(tf.layers.flatten({ name: 'class_flat' }), apply(layer, label));
  const both = apply(tf.layers.concatenate({ name: 'latent_and_class' }), [latent, v]);
  return tf.model({ name: 'generator', inputs: [latent, label], outputs: architecture.generator(both) });
}

export function concatenation(): Conditioning {
  return {
    name: 'concatenation',
    generator: labelledLatentGenerator,
    discriminator(architecture, classes) {
      const { image: { height, width } } = architecture;
      const [picture, label] = [pictureInput(architecture), labelInput()];
      let map: tf.SymbolicTensor;
      if (X.D === 'map') {
        const m = +(X.DS ?? 1);
        map = apply(tf.layers.reshape({ name: 'class_map', targetShape: [height, width, m] }), apply(embeddingLayer({ name: 'class', classes, size: height * width * m }), label));
      } else {
        const layer = X.D === 'onehot' ? oneHot('class', classes) : embeddingLayer({ name: 'class', classes, size: +(X.DS ?? 4) });
        const size = X.D === 'onehot' ? classes : +(X.DS ?? 4);
        const v = apply(tf.layers.flatten({ name: 'class_flat' }), apply(layer, label));
        const rv = tf.layers.repeatVector({ name: 'rep', n: height * width });
        rv.call = (i: any) => tf.tidy(() => { const x = Array.isArray(i) ? i[0] : i; return tf.add(tf.zeros([x.shape[0], height * width, 1]), tf.reshape(x, [x.shape[0], 1, size])); });
        map = apply(tf.layers.reshape({ name: 'class_map', targetShape: [height, width, size] }), apply(rv, v));
      }
      const both = apply(tf.layers.concatenate({ name: 'picture_and_class' }), [picture, map]);
      const logit = logitOf(architecture.discriminator(both));
      return tf.model({ name: 'discriminator', inputs: [picture, label], outputs: logit });
    },
    critique: (discriminator, { images, labels }): Critique => ({
      logits: discriminator.apply([images, columnOf(labels)], { training: true }) as tf.Tensor,
    }),
    terms: [],
  };
}
