import {
  type Dataset,
  type Game,
  imageShapeOf,
  RandomStream,
  requireCounts,
  requireIntegers,
  requireKnown,
  type SampleLoss,
  type Term,
  UsageError,
  type Variant,
} from '@ganloom/core';
import type { Augmentation } from '@ganloom/augmentation';
import { augmented, conditionalGame, latentGame, packed } from '@ganloom/games';
import { type Architecture, dcgan, discriminatorOf, generatorOf } from '@ganloom/models';
import { adam } from '@ganloom/optimizers';
import {
  conditionings,
  cures,
  type Generated,
  generate,
  type GenerateOptions,
  labeled,
  objectives,
  playedFor,
  playersOf,
  saveGenerators,
} from '@ganloom/recipes';
import type { Store } from '@ganloom/storage';
import {
  disposePlan,
  type EndEvent,
  exponentialMovingAverage,
  runTraining,
  type SamplesOptions,
  type Sink,
  train,
} from '@ganloom/training';
import type * as tf from '@tensorflow/tfjs';
import { startBackend } from './start-backend';

/** What {@link gan} is told. Only the data must be. */
export interface GanOptions {
  /** Pictures, such as `uint8Dataset` or one of `@ganloom/datasets`. */
  readonly data: Dataset;
  /**
   * What is played for: the name of one of the `objectives` of `@ganloom/recipes`, or a loss of your own;
   * default `non-saturating`.
   */
  readonly loss?: string | SampleLoss;
  /** What is added to the players' losses, beside what belongs to a loss that is named. */
  readonly terms?: readonly Term[];
  /** Against mode collapse: the name of one of the `cures` of `@ganloom/recipes`; default `none`. */
  readonly cure?: string;
  /**
   * A change of all that the discriminator sees, by chance, against overfitting on few pictures: one of
   * `@ganloom/augmentation`, such as `diffAugment()`. Default: none.
   */
  readonly augmentation?: Augmentation;
  /**
   * How the networks learn of classes, `projection`, `concatenation` or `auxiliary-classifier`; the data
   * must have some. Default: they do not.
   */
  readonly conditioning?: string;
  /** The networks; default `dcgan` with a latent of 64 and 32 filters, for the pictures of the data. */
  readonly architecture?: Architecture;
  /** Of Adam, for both players; default 1e-3 and 5e-4. */
  readonly learningRate?: { readonly generator: number; readonly discriminator: number };
  /** Decay of the average of the generator that draws; default 0.995, 0 for none. */
  readonly ema?: number;
  /**
   * Makes everything repeatable: same seed, same bits, on the same backend and engine and with the same
   * setting of relaxed SIMD, whatever the number of threads. Default 0.
   */
  readonly seed?: number;
  /** What computes, one of `useBackend`'s names; default: what `useBackend` has started, or `wasm`. */
  readonly backend?: string;
}

const ganOptions = {
  data: true,
  loss: true,
  terms: true,
  cure: true,
  augmentation: true,
  conditioning: true,
  architecture: true,
  learningRate: true,
  ema: true,
  seed: true,
  backend: true,
} satisfies Record<keyof GanOptions, true>;

/** Settings of {@link Gan.train}. */
export interface GanTrainOptions {
  /** Generator updates from here on. */
  readonly steps: number;
  /** Examples per step; default 32, or all if there are fewer. */
  readonly batch?: number;
  /** What the game shows of `count` examples, after each `every`-th and the last step; default: nothing. */
  readonly samples?: SamplesOptions;
  /** Is told of everything that happens; awaited. */
  readonly onEvent?: Sink;
  /** Ends training after the step in progress. */
  readonly signal?: AbortSignal;
}

const trainOptions = {
  steps: true,
  batch: true,
  samples: true,
  onEvent: true,
  signal: true,
} satisfies Record<keyof GanTrainOptions, true>;

/** A GAN that can be trained, drawn from and saved. Whoever made it disposes it. */
export interface Gan {
  /**
   * What is trained, for `train` of `@ganloom/training` and everything else that takes a variant. What that
   * trains does not reach the average that `generate` draws by: make it without one, by `ema: 0`.
   */
  readonly variant: Variant;
  /** The network that draws: the average, if there is one. */
  readonly generator: tf.LayersModel;
  /**
   * Trains for some steps, from where the last call ended.
   *
   * @throws UsageError if steps or batch size do not fit; GanloomError if a loss becomes NaN or infinite;
   *   what `onEvent` throws, after the step that it was told of.
   */
  train(options: GanTrainOptions): Promise<EndEvent>;
  /** Pictures as bytes, the same ones for the same seed. @throws UsageError at wishes that contradict. */
  generate(options?: GenerateOptions): Promise<Generated>;
  /** Puts the generator into a store, where {@link loadGenerator} finds it. */
  save(store: Store): Promise<void>;
  dispose(): void;
}

/**
 * A GAN on pictures, ready to train: networks, a game, a loss and optimizers, put together from the
 * packages underneath, each of which can be had alone.
 *
 * Radford, Metz and Chintala 2015 (arXiv 1511.06434), unless told otherwise.
 *
 * @throws UsageError at a name or an option that there is not, or classes that are missing.
 */
export async function gan(options: GanOptions): Promise<Gan> {
  requireKnown('gan', options, ganOptions);
  const { conditioning, seed = 0, ema: decay = 0.995 } = options;
  const halves =
    conditioning === undefined ? undefined : named('conditioning', conditionings, conditioning)();
  const data = halves ? labeled(options.data) : options.data;
  requireIntegers('gan', { seed }, { min: 0 });
  await startBackend(options.backend);
  const random = RandomStream.fromSeed(seed).fork('gan');
  const variant = variantOf({ ...options, data }, halves, random);
  const average =
    decay > 0
      ? await exponentialMovingAverage(variant.game.generator.models, { decay })
      : undefined;
  const models = average?.models ?? variant.game.generator.models;
  const generator = models['generator']!;
  const players = playersOf(variant, data.classNames);
  let done = { step: 0, seconds: 0 };
  return {
    variant,
    generator,
    async train(settings) {
      requireKnown('gan.train', settings, trainOptions);
      const { steps, batch = Math.min(32, data.size), samples, onEvent, signal } = settings;
      requireCounts('gan.train', { steps });
      const events = train(variant, data, {
        steps: done.step + steps,
        batchSize: batch,
        random: random.fork('training'),
        ...(average && { ema: average }),
        ...(samples && { samples }),
        ...(signal && { signal }),
        done,
      });
      const remember: Sink = (event) => {
        if (event.type === 'step') done = { step: event.step, seconds: event.seconds };
      };
      return runTraining(events, [remember, ...(onEvent ? [onEvent] : [])], {
        onSinkError: (error) => {
          throw error;
        },
      });
    },
    generate: (wishes) => generate(generator, players.samplers['generator']!, wishes),
    save: (store) => saveGenerators(store, { generator }, players),
    dispose() {
      average?.dispose();
      disposePlan(variant);
    },
  };
}

/** What each network does with a class. */
type Halves = ReturnType<(typeof conditionings)[keyof typeof conditionings]>;

function variantOf(options: GanOptions, halves: Halves | undefined, random: RandomStream): Variant {
  const { data, loss = 'non-saturating', terms = [] } = options;
  const { learningRate: rates = { generator: 1e-3, discriminator: 5e-4 } } = options;
  const { changes, degree, play } = playedFor(
    typeof loss === 'string' ? named('loss', objectives, loss)() : { loss },
    named('cure', cures, options.cure ?? 'none')(),
  );
  const image = imageShapeOf(data);
  const { architecture = dcgan({ image, latentSize: 64, filters: 32 }) } = options;
  const game: Game = halves
    ? conditionalGame({
        ...halves,
        architecture,
        classes: data.classNames!.length,
        degree,
        changes,
        random,
      })
    : latentGame({
        generator: generatorOf(architecture, { random: random.fork('generator') }),
        discriminator: discriminatorOf(architecture, {
          ...changes,
          degree,
          random: random.fork('discriminator'),
        }),
      });
  const together = packed(game, degree);
  return {
    name: halves ? `gan, ${halves.name}` : 'gan',
    game: options.augmentation ? augmented(together, options.augmentation) : together,
    ...play,
    terms: [...(play.terms ?? []), ...(halves?.discriminator.terms ?? []), ...terms],
    optimizers: {
      generator: adam({ learningRate: rates.generator, beta1: 0.5 }),
      discriminator: adam({ learningRate: rates.discriminator, beta1: 0.5 }),
    },
  };
}

function named<T>(what: string, all: Readonly<Record<string, T>>, name: string): T {
  if (Object.hasOwn(all, name)) return all[name]!;
  throw new UsageError(`gan: ${what} must be one of ${Object.keys(all).join(', ')}, got "${name}"`);
}
