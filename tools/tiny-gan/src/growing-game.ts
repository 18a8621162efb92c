import type { Batch, Game, RandomStream, Stage } from '@ganloom/core';
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

/** old + share · (new − old), with one share for the batch as the third input. */
class Fade extends tf.layers.Layer {
  static readonly className = 'TestFade';
  override computeOutputShape(shapes: tf.Shape[]): tf.Shape {
    return shapes[0]!;
  }
  override call(inputs: tf.Tensor[]): tf.Tensor {
    const [before, after, share] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor];
    return tf.tidy(() => tf.add(before, tf.mul(share, tf.sub(after, before))));
  }
}

tf.serialization.registerClass(Fade);

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
    new Fade({}).apply([before, after, share]) as Symbolic;
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
 * One size's game: data of 4×4 is shrunk to what the networks draw. Networks with two inputs are told
 * which share of the picture their new layers have, which grows from 0 to 1 in `fading` updates.
 */
function sizedGame(
  name: string,
  generator: tf.LayersModel,
  discriminator: tf.LayersModel,
  fading = 0,
): Game<tf.Tensor> {
  const size = discriminator.inputs[0]!.shape[1]!;
  const share = fading > 0 ? tf.tidy(() => tf.variable(tf.zeros([1, 1, 1]), false)) : undefined;
  const run = (network: tf.LayersModel, x: tf.Tensor, training: boolean) =>
    network.apply(share ? [x, share] : x, { training }) as tf.Tensor4D;
  const latents = ({ images }: Batch, random: RandomStream) =>
    random.normal([images!.shape[0]!, LATENT]);
  return {
    name,
    // Named by size, so that one average can hold the networks of all stages.
    generator: { models: { [name]: generator } },
    discriminator: { models: { [name]: discriminator } },
    real: ({ images }) => tf.avgPool(images as tf.Tensor4D, 4 / size, 4 / size, 'valid'),
    fake: (batch, random) => run(generator, latents(batch, random), true),
    critique: (images) => ({ logits: run(discriminator, images, true) }),
    show: (batch, random, models) => ({
      pictures: run(models[name]!, latents(batch, random), false),
    }),
    ...(share && {
      state: { share },
      observe: () => tf.tidy(() => share.assign(tf.minimum(tf.add(share, 1 / fading), 1))),
    }),
  };
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
  const stage = (game: Game<tf.Tensor>, count: number): Stage<tf.Tensor> => {
    const { name } = game;
    return { name, steps: count, variant: { name, game, loss: softplusLoss, optimizers } };
  };
  const { smallGenerator, smallDiscriminator, largeGenerator, largeDiscriminator } = networks;
  const small = sizedGame('small', smallGenerator, smallDiscriminator);
  const large = sizedGame('large', largeGenerator, largeDiscriminator, steps[1] / 2);
  const stages = [stage(small, steps[0]), stage(large, steps[1])] as const;
  return {
    ...networks,
    stages,
    dispose() {
      for (const { variant } of stages) disposeVariant(variant);
      tf.dispose(large.state!);
    },
  };
}
