import {
  type AdversarialLoss,
  type Critique,
  type Game,
  type ImageShape,
  type RandomStream,
  type Variant,
  type Batch,
  memberOf,
} from '@ganloom/core';
import { forward } from '@ganloom/gradients';
import { nonSaturating } from '@ganloom/losses';
import { dcgan, initialize, leakyReluLayer } from '@ganloom/models';
import { adam } from '@ganloom/optimizers';
import * as tf from '@tensorflow/tfjs';

/** What D sees: a picture and the latent that belongs to it. */
export type PictureAndLatent = { readonly images: tf.Tensor4D; readonly latents: tf.Tensor2D };

const LATENT = 32;
const HIDDEN = 128;

/**
 * The game of the bidirectional GAN: beside G, which makes pictures of latents, an encoder E makes
 * latents of pictures, and D tells the pairs (x, E(x)) from (G(z), z). To fool it, E must become G's
 * inverse.
 *
 * Donahue, Krähenbühl and Darrell 2016, arXiv 1605.09782; Dumoulin et al. 2016, arXiv 1606.00704.
 *
 * Pictures to look at are of the data, beside what is left of them: x and G(E(x)).
 */
export function bidirectionalGame(image: ImageShape, random: RandomStream): Game<PictureAndLatent> {
  const { generator, encoder, discriminator } = networks(image, random);
  return {
    name: 'bidirectional',
    generator: { models: { generator, encoder } },
    discriminator: { models: { discriminator } },
    real(batch) {
      const images = picturesOf(batch);
      return { images, latents: forward<tf.Tensor2D>(encoder, images, { training: true }) };
    },
    fake(batch, stream) {
      const count = picturesOf(batch).shape[0];
      const latents = stream.normal([count, LATENT]) as tf.Tensor2D;
      return { images: forward<tf.Tensor4D>(generator, latents, { training: true }), latents };
    },
    critique: ({ images, latents }) => ({
      logits: forward(discriminator, [images, latents], { training: true }),
    }),
    show(batch, _stream, models) {
      const images = picturesOf(batch);
      const latents = models['encoder']!.apply(images, { training: false });
      const again = models['generator']!.apply(latents as tf.Tensor, { training: false });
      return { pictures: tf.concat([images, again as tf.Tensor4D], 2) };
    },
  };
}

const picturesOf = (batch: Batch) => memberOf<tf.Tensor4D>('bidirectionalGame', batch, 'images');

function networks(image: ImageShape, random: RandomStream) {
  const { generator, discriminator } = dcgan({ image, latentSize: LATENT, filters: 32 });
  const apply = (layer: tf.layers.Layer, x: tf.SymbolicTensor | tf.SymbolicTensor[]) =>
    layer.apply(x) as tf.SymbolicTensor;
  const { dense, concatenate } = tf.layers;

  const latent = tf.input({ shape: [LATENT], name: 'latent' });
  const picture = tf.input({ shape: [image.height, image.width, image.channels], name: 'picture' });
  const encoded = apply(dense({ name: 'encoded', units: LATENT }), discriminator(picture));

  const seen = discriminator(picture);
  const both = apply(concatenate({ name: 'picture_and_latent' }), [seen, latent]);
  const hidden = apply(dense({ name: 'hidden', units: HIDDEN }), both);
  const logit = apply(
    dense({ name: 'logit', units: 1 }),
    apply(leakyReluLayer('hidden_leaky_relu', 0.2), hidden),
  );
  const make = (name: string, inputs: tf.SymbolicTensor[], outputs: tf.SymbolicTensor) =>
    initialize(tf.model({ name, inputs, outputs }), random.fork(name));
  return {
    generator: make('generator', [latent], generator(latent)),
    encoder: make('encoder', [picture], encoded),
    discriminator: make('discriminator', [picture, latent], logit),
  };
}

/**
 * A loss whose other side works on both kinds of pairs: G wants fakes to pass for real, and E wants
 * real ones to pass for fake, which is the same to a discriminator that says the opposite.
 *
 * L_G(fake, real) ← L_G(fake, real) + L_G(−real, −fake)
 *
 * For losses to which real and fake are alike but for the sign of the logit: `nonSaturating`, `minimax`,
 * `hinge`, `wasserstein`, the relativistic ones.
 */
export function bothWays(loss: AdversarialLoss): AdversarialLoss {
  return {
    ...loss,
    generator: (fake, real) =>
      tf.tidy(() => {
        const opposite = (critique: Critique) => ({ logits: tf.neg(critique.logits) });
        const ofEncoder = loss.generator(opposite(real()), () => opposite(fake));
        return tf.add<tf.Scalar>(loss.generator(fake, real), ofEncoder);
      }),
  };
}

export function bidirectionalGan(
  image: ImageShape,
  random: RandomStream,
): Variant<PictureAndLatent> {
  return {
    name: 'bidirectional-gan',
    game: bidirectionalGame(image, random),
    loss: bothWays(nonSaturating()),
    optimizers: {
      generator: adam({ learningRate: 1e-3 }),
      discriminator: adam({ learningRate: 5e-4 }),
    },
  };
}
