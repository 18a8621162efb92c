import {
  type Batch,
  type Critique,
  type Game,
  memberOf,
  type Origin,
  type RandomStream,
  type SamplerInput,
  type Shown,
} from '@ganloom/core';
import { forward } from '@ganloom/gradients';
import type * as tf from '@tensorflow/tfjs';
import { drawLatents, latentsOf, normalPrior, type Prior } from './prior';

/** Networks of an unconditional game. */
export interface LatentGameOptions {
  /** Maps latents to samples: pictures `[batch, height, width, channels]` in [−1, 1], or points. */
  readonly generator: tf.LayersModel;
  /** Maps samples to logits `[batch, 1]`. */
  readonly discriminator: tf.LayersModel;
  /** Which tensor of a batch is real; default `images`. */
  readonly data?: string;
  /** What latents are drawn from; default N(0, I) for each input of the generator. */
  readonly prior?: Prior;
}

/**
 * The game of Goodfellow et al. 2014 (arXiv 1406.2661): G maps z ~ N(0, I) to samples, D sees
 * samples alone, from the data or from G.
 */
export function latentGame(options: LatentGameOptions): Game<tf.Tensor> {
  const { generator, discriminator, data = 'images', prior = normalPrior(generator) } = options;
  const inputs = generator.inputs.map(({ shape }): SamplerInput => ({
    kind: 'normal',
    shape: shape.slice(1) as number[],
  }));
  const real = (batch: Batch) => memberOf('latentGame', batch, data);
  const origin = (batch: Batch, random: RandomStream) =>
    drawLatents(prior, real(batch).shape[0]!, random);
  const draw = (model: tf.LayersModel, from: Origin, random: RandomStream, training: boolean) =>
    forward(model, latentsOf('latentGame', from), { training, random: random.fork('layers') });
  return {
    name: 'latent',
    generator: { models: { generator } },
    discriminator: { models: { discriminator } },
    ...(!options.prior && { samplers: { generator: { inputs } } }),
    real,
    origin,
    fake: (batch, random, from = origin(batch, random)) => draw(generator, from, random, true),
    critique: (samples, _, random): Critique => ({
      logits: forward(discriminator, samples, { training: true, random: random.fork('layers') }),
    }),
    show: (batch, random, models) =>
      shownAs(draw(models['generator']!, origin(batch, random), random, false)),
  };
}

/** Samples of rank 4 are pictures, others points. */
export function shownAs(samples: tf.Tensor): Shown {
  if (samples.rank === 4) return { pictures: samples as tf.Tensor4D };
  return { points: samples.reshape([samples.shape[0]!, -1]) as tf.Tensor2D };
}
