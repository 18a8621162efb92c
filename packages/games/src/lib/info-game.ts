import {
  type Batch,
  type Critique,
  type Game,
  memberOf,
  type Origin,
  type RandomStream,
  UsageError,
} from '@ganloom/core';
import { forward } from '@ganloom/gradients';
import type * as tf from '@tensorflow/tfjs';
import {
  codeRows,
  type Codes,
  drawCodes,
  requireCodes,
  sizeOfCodes,
  splitPredictions,
  withCodes,
} from './info-codes';
import { shownAs } from './latent-game';

/** Networks and codes of {@link infoGame}. */
export interface InfoGameOptions {
  /** Noise and codes side by side `[batch, noise + codes]` to samples. */
  readonly generator: tf.LayersModel;
  /** Samples to logits `[batch, 1]`; without a `recognition`, to logits and predictions of the codes. */
  readonly discriminator: tf.LayersModel;
  /** Q: samples to predictions of the codes `[batch, codes]`. Default: the discriminator's second output. */
  readonly recognition?: tf.LayersModel;
  /**
   * What G is told, by name: `{ category: { classes: 10 }, style: { size: 2 } }`. The order is that of
   * the generator's input, after the noise, and of Q's output.
   */
  readonly codes: Codes;
  /** Which tensor of a batch is real, and what it is called in samples; default `images`. */
  readonly data?: string;
}

/** Samples, and with fakes the codes that they were made from, by name. */
export type CodedSamples = Readonly<Record<string, tf.Tensor>>;

/**
 * The game of InfoGAN: G is told codes beside its noise, and Q reads them off the sample.
 *
 * fake {G(z, c), c}, z ~ N(0, I), classes c uniform, numbers c ~ U[−1, 1);  logits D(x), predictions Q(x)
 *
 * Chen et al. 2016 (arXiv 1606.03657). G and Q learn by
 * `mutualInformation({ codes: [categoricalCode(), gaussianCode()] })` of `@ganloom/losses`. A code
 * `category` of classes is int32 `[batch]`, predicted as `categoryLogits`; a code `style` of numbers is
 * `[batch, size]`, predicted as `styleMean`. Only critiques of samples that have their codes predict
 * them: nobody knows those of real ones.
 *
 * A recognition network of its own plays on the generator's side, as `recognition`. As the
 * discriminator's second output Q is trained by both sides: put the term into the variant twice, once
 * per player.
 *
 * Shown are as many samples as the batch has examples, a class of the first code of classes per row when
 * they are the square of their number; other codes and the noise are drawn.
 *
 * @throws UsageError if the codes and the networks do not fit; GanloomError at a batch without data.
 */
export function infoGame(options: InfoGameOptions): Game<CodedSamples> {
  const { generator, discriminator, recognition, codes, data = 'images' } = options;
  requireCodes(codes, [data, 'latents', 'noise', 'layers']);
  const noise = noiseSize(generator, codes);
  requirePredictions(options);
  const real = (batch: Batch) => memberOf('infoGame', batch, data);
  const drawNoise = (count: number, random: RandomStream) =>
    random.fork('noise').normal([count, noise]);
  const origin = (batch: Batch, random: RandomStream): Origin => {
    const count = real(batch).shape[0]!;
    return { ...drawCodes(codes, count, random), latents: drawNoise(count, random) };
  };
  return {
    name: 'info',
    generator: { models: { generator, ...(recognition && { recognition }) } },
    discriminator: { models: { discriminator } },
    real: (batch) => ({ [data]: real(batch) }),
    origin,
    fake(batch, random, { latents, ...told } = origin(batch, random)) {
      const input = withCodes(codes, latents!, told);
      const layers = random.fork('layers');
      return { [data]: forward(generator, input, { training: true, random: layers }), ...told };
    },
    critique(sample, _, random): Critique {
      const x = memberOf('infoGame', sample, data);
      const layers = random.fork('layers');
      const said = forward<tf.Tensor | tf.Tensor[]>(discriminator, x, {
        training: true,
        random: layers,
      });
      const [logits, second] = Array.isArray(said) ? (said as [tf.Tensor, tf.Tensor]) : [said];
      if (!Object.keys(codes).every((code) => code in sample)) return { logits };
      const predicted = recognition
        ? forward(recognition, x, { training: true, random: layers.fork('recognition') })
        : second!;
      return { logits, ...splitPredictions(codes, predicted) };
    },
    show(batch, random, models) {
      const count = real(batch).shape[0]!;
      const drawn = codeRows(codes, count, random);
      const latents = withCodes(codes, drawNoise(count, random), drawn);
      const layers = random.fork('layers');
      return shownAs(forward(models['generator']!, latents, { training: false, random: layers }));
    },
  };
}

/** What the generator's input has beside the codes. */
function noiseSize({ inputs }: tf.LayersModel, codes: Codes): number {
  const size = sizeOfCodes(codes);
  const noise = inputs[0]!.shape.at(-1)! - size;
  if (inputs.length === 1 && inputs[0]!.rank === 2 && noise > 0) return noise;
  const received = inputs.map(({ shape }) => `[${shape.join(',')}]`).join(', ');
  throw new UsageError(
    `infoGame: the generator must take [batch, noise + codes], more than the ${size} numbers of the ` +
      `codes, got ${received}`,
  );
}

function requirePredictions({ discriminator, recognition, codes }: InfoGameOptions): void {
  const predictions = recognition ? recognition.outputs[0] : discriminator.outputs[1];
  if (predictions === undefined) {
    throw new UsageError(
      'infoGame: there must be a recognition network, or a second output of the discriminator, got none',
    );
  }
  const size = sizeOfCodes(codes);
  // A packed game predicts the codes of several samples.
  if (predictions.shape.at(-1)! % size === 0) return;
  const who = recognition ? 'the recognition network' : "the discriminator's second output";
  throw new UsageError(
    `infoGame: ${who} must predict the ${size} numbers of the codes, got [${predictions.shape.join(',')}]`,
  );
}
