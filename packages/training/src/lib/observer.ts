import {
  type Batch,
  type Dataset,
  GanloomError,
  type Player,
  type RandomStream,
  type Sample,
} from '@ganloom/core';
import { toPixels } from '@ganloom/images';
import * as tf from '@tensorflow/tfjs';
import type { NotFiniteEvent, Scalars, TrainEvent } from './events';
import { firstNotFinite, whereNotFinite } from './first-not-finite';
import { type LossWatch, lossWatch } from './loss-watch';
import { type Meter, stepMeter } from './meter';
import type { Metric } from './metric';
import { lossNames, statisticsOf } from './metric-names';
import type { PlannedStage } from './plan';
import { type LabeledPictures, sampleStatistics } from './sample-statistics';
import { samplesOf } from './samples';

/** When samples are drawn, and how many. */
export interface SamplesOptions {
  readonly every: number;
  readonly count: number;
  /** Where the examples that samples are shown for come from; default: the training data. */
  readonly data?: Dataset;
}

export interface ObserverOptions {
  readonly data: Dataset;
  /** Root of all randomness of the run. */
  readonly random: RandomStream;
  readonly log: { readonly every: number };
  readonly samples?: SamplesOptions | undefined;
  readonly metrics: readonly Metric[];
  /** The averaged networks, if there are any. */
  readonly models?: Player['models'] | undefined;
  /** The batch at a position, made anew: for the hunt of what is not finite. */
  batchAt(position: number): Batch | Promise<Batch>;
}

/** Looks at the game between steps: reads losses, draws samples, computes metrics, hunts NaN. */
export interface Observer<S extends Sample> {
  /** Those that were read last. */
  readonly losses: Scalars;
  /** Before the first step. */
  begin(): Promise<void>;
  /** What takes the scalars of step `n` down. */
  meter(n: number, stage: PlannedStage<S>): Meter;
  /** What there is to say after the step; returns losses and statistics if it was their turn. */
  look(
    n: number,
    stage: PlannedStage<S>,
    meter: Meter,
    seconds: () => number,
  ): AsyncGenerator<TrainEvent, Scalars | undefined>;
  dispose(): void;
}

export function observer<S extends Sample>(options: ObserverOptions): Observer<S> {
  const { data, random, log, samples, metrics, batchAt } = options;
  let watch: LossWatch | undefined;
  let watched: PlannedStage<S> | undefined;
  let shown: Batch | undefined;
  let compare: ((samples: LabeledPictures) => Scalars) | undefined;
  let losses: Scalars = {};

  const isTurn = (every: number, n: number, { end }: PlannedStage<S>) =>
    n % every === 0 || n === end;
  const draws = (n: number, stage: PlannedStage<S>) =>
    samples !== undefined && isTurn(samples.every, n, stage);
  const due = (n: number, stage: PlannedStage<S>) =>
    metrics.filter(({ every }) => isTurn(every, n, stage));
  const reads = (n: number, stage: PlannedStage<S>) =>
    isTurn(log.every, n, stage) || n === 1 || draws(n, stage) || due(n, stage).length > 0;

  return {
    get losses() {
      return losses;
    },
    async begin() {
      if (!samples) return;
      shown = await examplesShown(samples, data, random.fork('samples'));
      const { images, labels } = shown;
      if (images?.rank !== 4) return;
      const real = await toPixels(images as tf.Tensor4D);
      compare = sampleStatistics({ ...real, ...(labels && { labels: await labels.data() }) });
    },
    meter(n, stage) {
      if (watched !== stage) {
        watch?.dispose();
        watch = lossWatch((at) => lossNames(stage.variant, at));
        watched = stage;
      }
      return stepMeter(reads(n, stage));
    },
    async *look(n, stage, meter, seconds) {
      const { name, variant } = stage;
      watch!.note(n, meter.losses);
      for (const loss of Object.keys(meter.losses)) delete meter.losses[loss];
      if (!reads(n, stage)) return undefined;
      for (const [statistic, scalar] of Object.entries(statisticsOf(variant))) {
        meter.note(statistic, () => tf.cast(scalar, 'float32'));
      }
      let statistics = await read(meter.statistics);
      const { step, losses: watchedLosses } = await watch!.read();
      losses = watchedLosses;
      const bad = Object.entries(losses).find(([, value]) => !Number.isFinite(value));
      if (bad) {
        const tensor = await firstNotFinite(stage, step, batchAt);
        const found = tensor === undefined ? {} : { tensor };
        const [loss, value] = bad;
        const event: NotFiniteEvent = {
          type: 'not-finite',
          ...{ step, loss, value, noticed: n },
          ...found,
        };
        yield event;
        throw notFiniteError(event);
      }
      const inStage = name === undefined ? {} : { stage: name };
      const models = options.models ?? variant.game.generator.models;
      const drawn = draws(n, stage)
        ? await samplesOf(variant.game, shown!, random.fork('samples'), models)
        : undefined;
      if (drawn?.kind === 'pictures') {
        statistics = { ...statistics, ...compare?.(drawn) };
      }
      for (const { name: metric, value } of due(n, stage)) {
        const context = { step: n, models, random: random.fork(`measure-${metric}`) };
        statistics = { ...statistics, [metric]: await value(context) };
      }
      yield { type: 'metrics', step: n, ...inStage, seconds: seconds(), losses, statistics };
      if (drawn) yield { type: 'samples', step: n, ...inStage, samples: drawn };
      return { ...losses, ...statistics };
    },
    dispose() {
      watch?.dispose();
      if (shown) tf.dispose(shown);
    },
  };
}

/** Random examples, each once as long as there are enough. */
function examplesShown(
  { count, data }: SamplesOptions,
  trainingData: Dataset,
  random: RandomStream,
): Batch | Promise<Batch> {
  const source = data ?? trainingData;
  const order = random.fork('examples').permutation(source.size);
  return source.batch(
    Int32Array.from({ length: count }, (_, i) => order[i % source.size]!),
    random.fork('batch'),
  );
}

/** Reads scalars back in one go, and disposes them. */
async function read(scalars: Record<string, tf.Scalar>): Promise<Scalars> {
  const names = Object.keys(scalars);
  if (names.length === 0) return {};
  const stacked = tf.stack(Object.values(scalars));
  const values = await stacked.data();
  tf.dispose([scalars, stacked]);
  for (const name of names) delete scalars[name];
  return Object.fromEntries(names.map((name, i) => [name, values[i]!]));
}

function notFiniteError(event: NotFiniteEvent): GanloomError {
  const { step, loss, value } = event;
  return new GanloomError(
    `train: the loss "${loss}" must be finite, got ${value} at step ${step}; ` +
      `lower the learning rate, or check the data for NaN (${whereNotFinite(event)})`,
  );
}
