import { type Batch, type Game, memberOf, UsageError } from '@ganloom/core';
import { concatenate, forward } from '@ganloom/gradients';
import type * as tf from '@tensorflow/tfjs';
import { sideBySide } from './side-by-side';

/** Networks and names of {@link pairedGame}. */
export interface PairedGameOptions {
  /** Inputs `[batch, height, width, channels]` to outputs. */
  readonly generator: tf.LayersModel;
  /** Inputs and outputs side by side in the channels to logits `[batch, …]`: one, or one a patch. */
  readonly discriminator: tf.LayersModel;
  /** What the input is called in batches and samples; default `inputs`. */
  readonly input?: string;
  /** What the output is called in batches and samples; default `images`. */
  readonly output?: string;
}

/** Inputs and outputs by name. */
export type PicturePairs = Readonly<Record<string, tf.Tensor>>;

/**
 * The game of pix2pix: G translates a picture, D sees input and output together, and knows the right
 * answer from G's.
 *
 * real {x, y};  fake {x, G(x)};  logits D([x, y]), with the channels of x first
 *
 * Isola et al. 2017 (arXiv 1611.07004), whose L1 term is `absoluteError({ weight: 100 })` of
 * `@ganloom/losses`. There is no latent: chances are the dropout of G's layers, and what is shown is
 * drawn without. Input and output are of one size. To augment, change both alike:
 * `augmented(game, augmentation, { names: ['inputs', 'images'] })`.
 *
 * Shown are side by side: the input, G's output, the right one.
 *
 * @throws UsageError if both have one name, or the discriminator takes another number of channels than
 *   input and output have; GanloomError at a batch without one of them.
 */
export function pairedGame(options: PairedGameOptions): Game<PicturePairs> {
  const { generator, discriminator, input = 'inputs', output = 'images' } = options;
  requireNames(input, output);
  requireChannels(generator, discriminator);
  const member = (from: Batch, name: string) => memberOf<tf.Tensor4D>('pairedGame', from, name);
  return {
    name: 'paired',
    generator: { models: { generator } },
    discriminator: { models: { discriminator } },
    real: (batch) => ({ [input]: member(batch, input), [output]: member(batch, output) }),
    fake(batch, random) {
      const x = member(batch, input);
      const made = forward(generator, x, { training: true, random: random.fork('layers') });
      return { [input]: x, [output]: made };
    },
    critique(sample, _, random) {
      const pair = concatenate([member(sample, input), member(sample, output)]);
      return {
        logits: forward(discriminator, pair, { training: true, random: random.fork('layers') }),
      };
    },
    show(batch, random, models) {
      const x = member(batch, input);
      const made = forward<tf.Tensor4D>(models['generator']!, x, {
        training: false,
        random: random.fork('layers'),
      });
      return { pictures: sideBySide([x, made, member(batch, output)]) };
    },
  };
}

function requireNames(input: string, output: string): void {
  if (input !== output) return;
  throw new UsageError(`pairedGame: input and output must be two names, got "${input}" twice`);
}

function requireChannels(generator: tf.LayersModel, discriminator: tf.LayersModel): void {
  const channelsOf = ([first]: tf.SymbolicTensor[]) => first!.shape.at(-1)!;
  const [from, to] = [channelsOf(generator.inputs), channelsOf(generator.outputs)];
  const seen = channelsOf(discriminator.inputs);
  // A packed game's discriminator sees several pairs.
  if (seen % (from + to) === 0) return;
  throw new UsageError(
    `pairedGame: the discriminator must take the ${from} channels of the input and the ${to} of ` +
      `the output, got ${seen}; build it for ${from + to} channels, or a multiple for packs`,
  );
}
