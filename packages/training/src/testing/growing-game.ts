import { type Batch, type Game, type RandomStream, type Stage } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { adam } from '../lib/adam';
import { applied } from './tiny-games';
import { disposeVariant, softplusLoss, withSeededWeights } from './tiny';

const LATENT = 3;

/** A network of these layers in a row, which other networks may hold, too. */
function inARow(inputShape: number[], ...layers: tf.layers.Layer[]): tf.LayersModel {
  const input = tf.input({ shape: inputShape });
  const outputs = layers.reduce((at, layer) => layer.apply(at) as tf.SymbolicTensor, input);
  return tf.model({ inputs: input, outputs });
}

/** Networks of both sizes: what grows is made of the same layers, and so has the same weights. */
function growingNetworks(random: RandomStream) {
  const { averagePooling2d, conv2d, dense, flatten, reshape, upSampling2d } = tf.layers;
  const toPicture = () => conv2d({ filters: 1, kernelSize: 1, activation: 'tanh' });
  const fromPicture = () => conv2d({ filters: 4, kernelSize: 1, activation: 'relu' });
  const detail = () => conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' });
  const shape = () => reshape({ targetShape: [2, 2, 4] });
  const double = () => upSampling2d({ size: [2, 2] });
  const halve = () => averagePooling2d({ poolSize: 2 });

  const base = dense({ units: 16, activation: 'relu' });
  const judge = dense({ units: 1 });
  const onlySmall = [toPicture(), fromPicture()] as const;
  const models = {
    smallGenerator: inARow([LATENT], base, shape(), onlySmall[0]),
    largeGenerator: inARow([LATENT], base, shape(), double(), detail(), toPicture()),
    smallDiscriminator: inARow([2, 2, 1], onlySmall[1], flatten(), judge),
    largeDiscriminator: inARow([4, 4, 1], fromPicture(), detail(), halve(), flatten(), judge),
  };
  for (const [name, model] of Object.entries(models)) withSeededWeights(model, random.fork(name));
  return { ...models, shared: [base, judge], onlySmall };
}

/** One size's game: data of 4×4 is shrunk to what the networks draw. */
function sizedGame(
  name: string,
  generator: tf.LayersModel,
  discriminator: tf.LayersModel,
): Game<Batch, tf.Tensor> {
  const size = discriminator.inputs[0]!.shape[1]!;
  const latents = ({ images }: Batch, random: RandomStream) =>
    random.normal([images.shape[0], LATENT]);
  return {
    name,
    // Named by size, so that one average can hold the networks of all stages.
    generator: { models: { [name]: generator } },
    discriminator: { models: { [name]: discriminator } },
    real: ({ images }) => tf.avgPool(images, 4 / size, 4 / size, 'valid'),
    fake: (batch, random) => applied(generator, latents(batch, random)),
    critique: (images) => ({ logits: applied(discriminator, images as tf.Tensor) }),
    pictures: (batch, random, models) => models[name]!.apply(latents(batch, random)) as tf.Tensor4D,
  };
}

/**
 * Progressive growing, Karras et al. 2017 (arXiv 1710.10196), without the fading in: 2×2 pictures for
 * `steps` steps, then 4×4 ones by networks that go on from the layers learned before.
 */
export function growingPlan(random: RandomStream, steps: readonly [number, number]) {
  const networks = growingNetworks(random);
  const optimizers = {
    generator: adam({ learningRate: 0.01 }),
    discriminator: adam({ learningRate: 0.01 }),
  };
  const stage = (
    name: string,
    count: number,
    generator: tf.LayersModel,
    discriminator: tf.LayersModel,
  ): Stage<Batch, tf.Tensor> => {
    const game = sizedGame(name, generator, discriminator);
    return { name, steps: count, variant: { name, game, loss: softplusLoss, optimizers } };
  };
  const stages = [
    stage('small', steps[0], networks.smallGenerator, networks.smallDiscriminator),
    stage('large', steps[1], networks.largeGenerator, networks.largeDiscriminator),
  ] as const;
  return {
    ...networks,
    stages,
    dispose: () => stages.forEach((one) => disposeVariant(one.variant)),
  };
}
