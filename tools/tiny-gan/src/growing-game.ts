import type { RandomStream, Stage } from '@ganloom/core';
import { fadeLayer, growingStages } from '@ganloom/games';
import { adam } from '@ganloom/optimizers';
import * as tf from '@tensorflow/tfjs';
import { disposeVariant, softplusLoss, withSeededWeights } from './tiny';

const LATENT = 3;

/** A network of these layers in a row, which other networks may hold, too. */
function inARow(inputShape: number[], ...layers: tf.layers.Layer[]): tf.LayersModel {
  const input = tf.input({ shape: inputShape });
  const outputs = layers.reduce((at, layer) => layer.apply(at) as tf.SymbolicTensor, input);
  return tf.model({ inputs: input, outputs });
}

type Symbolic = tf.SymbolicTensor;

/** Networks of both sizes: what grows is made of the same layers, and so has the same weights. */
function growingNetworks(random: RandomStream) {
  const { averagePooling2d, conv2d, dense, flatten, reshape, upSampling2d } = tf.layers;
  const toPicture = () => conv2d({ filters: 1, kernelSize: 1, activation: 'tanh' });
  const fromPicture = () => conv2d({ filters: 4, kernelSize: 1, activation: 'relu' });
  const detail = () => conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' });
  const shape = () => reshape({ targetShape: [2, 2, 4] });
  const double = (x: Symbolic) => upSampling2d({ size: [2, 2] }).apply(x) as Symbolic;
  const halve = (x: Symbolic) => averagePooling2d({ poolSize: 2 }).apply(x) as Symbolic;
  const inOrder = (x: Symbolic, ...layers: tf.layers.Layer[]) =>
    layers.reduce((at, layer) => layer.apply(at) as Symbolic, x);

  const base = dense({ units: 16, activation: 'relu' });
  const judge = dense({ units: 1 });
  const [smallToPicture, smallFromPicture] = [toPicture(), fromPicture()];

  const share = tf.input({ shape: [1, 1] });
  const fade = (before: Symbolic, after: Symbolic) =>
    fadeLayer().apply([before, after, share]) as Symbolic;
  const latents = tf.input({ shape: [LATENT] });
  const features = inOrder(latents, base, shape());
  const picture = tf.input({ shape: [4, 4, 1] });
  const models = {
    smallGenerator: inARow([LATENT], base, shape(), smallToPicture),
    largeGenerator: tf.model({
      inputs: [latents, share],
      outputs: fade(
        double(inOrder(features, smallToPicture)),
        inOrder(double(features), detail(), toPicture()),
      ),
    }),
    smallDiscriminator: inARow([2, 2, 1], smallFromPicture, flatten(), judge),
    largeDiscriminator: tf.model({
      inputs: [picture, share],
      outputs: inOrder(
        fade(
          inOrder(halve(picture), smallFromPicture),
          halve(inOrder(picture, fromPicture(), detail())),
        ),
        flatten(),
        judge,
      ),
    }),
  };
  for (const [name, model] of Object.entries(models)) withSeededWeights(model, random.fork(name));
  return { ...models, shared: [base, judge] };
}

/**
 * Progressive growing, Karras et al. 2017 (arXiv 1710.10196): 2×2 pictures for `steps` steps, then 4×4
 * ones by networks that go on from the layers learned before; new ones are faded in during half of the
 * steps.
 */
export function growingPlan(random: RandomStream, steps: readonly [number, number]) {
  const networks = growingNetworks(random);
  const optimizers = {
    generator: adam({ learningRate: 0.01 }),
    discriminator: adam({ learningRate: 0.01 }),
  };
  const { smallGenerator, smallDiscriminator, largeGenerator, largeDiscriminator } = networks;
  const [small, large] = growingStages({
    sizes: [
      {
        name: 'small',
        generator: smallGenerator,
        discriminator: smallDiscriminator,
        steps: steps[0],
      },
      {
        name: 'large',
        generator: largeGenerator,
        discriminator: largeDiscriminator,
        steps: steps[1],
      },
    ],
    variant: { loss: softplusLoss, optimizers },
  }) as [Stage<tf.Tensor>, Stage<tf.Tensor>];
  return {
    ...networks,
    stages: [small, large] as const,
    dispose() {
      for (const { variant } of [small, large]) disposeVariant(variant);
      tf.dispose(large.variant.game.state!);
    },
  };
}
