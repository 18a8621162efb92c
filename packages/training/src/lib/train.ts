import {
  type Batch,
  type Dataset,
  GanloomError,
  type Plan,
  type Player,
  type RandomStream,
  type Sample,
  type Variant,
} from '@ganloom/core';
import { installGradients } from '@ganloom/gradients';
import { type Pictures, toPixels } from '@ganloom/images';
import * as tf from '@tensorflow/tfjs';
import { batchOrder } from './batch-order';
import { eventLoopTurns } from './event-loop';
import type { EndEvent, NotFiniteEvent, Scalars, TrainEvent } from './events';
import type { ExponentialMovingAverage } from './exponential-moving-average';
import { firstNotFinite, whereNotFinite } from './first-not-finite';
import { type LossWatch, lossWatch } from './loss-watch';
import type { Measure } from './measure';
import { lossNames, requireMetrics, statisticsOf } from './metric-names';
import type { Meter } from './objective';
import { compareDiversity, pictureDiversity, type PictureDiversity } from './picture-diversity';
import { isAdversarial, type PlannedStage, planStages, requireCounts } from './plan';
import { prefetched } from './prefetched';
import { discriminatorStep, generatorStep, simultaneousStep } from './steps';
import { examineAll, type StopRule } from './stop-rule';

export interface SamplesOptions<B extends Batch = Batch> {
  readonly every: number;
  readonly count: number;
  /** Where the examples that the pictures are made for come from; default: the training data. */
  readonly data?: Dataset<B>;
}

export interface TrainOptions<B extends Batch = Batch> {
  /** Generator updates, all in all. Stages have their own instead. */
  readonly steps?: number;
  readonly batchSize: number;
  /** Root of all randomness of the run; only forks of it are used. */
  readonly random: RandomStream;
  /** Kept up to date after each step; draws the samples. The caller owns it. */
  readonly ema?: ExponentialMovingAverage;
  /** Pictures of `count` fixed examples after each `every`-th and a stage's last step. Default: none. */
  readonly samples?: SamplesOptions<B>;
  /** Numbers that say how good the generator is, among the statistics. Default: none. */
  readonly measures?: readonly Measure[];
  /** End training before all steps are done. Default: none. */
  readonly stop?: readonly StopRule[];
  /**
   * Losses are read back after each `every`-th step, and where samples are drawn or something is
   * measured; default 10. Those of the steps between are checked then.
   */
  readonly log?: { readonly every: number };
  /** Ends training after the step in progress. */
  readonly signal?: AbortSignal;
  /** What earlier parts of the run have done; default: nothing. */
  readonly done?: { readonly step: number; readonly seconds: number };
}

/**
 * Plays a variant's game on data, or that of one stage after the other, and says what happens.
 *
 * Goodfellow et al. 2014 (arXiv 1406.2661), algorithm 1, with any loss, terms, optimizers and
 * networks; installs the gradients that penalties need. What happens in a step depends on the seed and
 * the step's number alone. Variables are updated in place; no tensor is left over.
 *
 * @throws UsageError if the plan cannot be trained, steps or batch size do not fit the data, or a stop
 *   rule needs a metric that is not there.
 * @throws GanloomError if a loss becomes NaN or infinite.
 */
export async function* train<B extends Batch, S extends Sample>(
  plan: Plan<B, S>,
  data: Dataset<B>,
  options: TrainOptions<B>,
): AsyncGenerator<TrainEvent, void, undefined> {
  const { batchSize, random, ema, samples, log = { every: 10 }, signal } = options;
  const { done = { step: 0, seconds: 0 }, measures = [], stop = [] } = options;
  installGradients();
  const stages = planStages(plan, options.steps);
  const steps = stages.at(-1)!.end;
  requireCounts({ batchSize, 'log.every': log.every });
  if (samples) requireCounts({ 'samples.every': samples.every, 'samples.count': samples.count });
  for (const { name, every } of measures) requireCounts({ [`every of "${name}"`]: every });
  requireMetrics(stages, measures, samples !== undefined, stop);
  const batchAt = batchesOf(data, batchSize, random.fork('data'));
  const batches = prefetched(batchAt, stages.at(-1)!.endBatch);
  const otherWork = eventLoopTurns();
  const begin = performance.now();
  const seconds = () => done.seconds + (performance.now() - begin) / 1000;
  let { step } = done;
  let losses: Scalars = {};
  let stopped = examineAll(stop, { step, seconds: done.seconds });
  const end = (reason: EndEvent['reason'], error?: unknown): EndEvent => ({
    type: 'end',
    step,
    seconds: seconds(),
    imagesPerSecond: ((step - done.step) * batchSize) / (seconds() - done.seconds),
    reason,
    ...(reason === 'stopped' && { stopped: stopped! }),
    ...(reason === 'failed' && { error: error instanceof Error ? error.message : String(error) }),
    losses,
  });

  yield { type: 'start', step, steps, batchSize };
  let shown: B | undefined;
  let stage: PlannedStage<B, S> | undefined;
  let watch: LossWatch | undefined;
  let meter: Meter | undefined;
  try {
    let real: PictureDiversity | undefined;
    if (samples) {
      shown = await fixedBatch(samples, data, random.fork('samples'));
      real = pictureDiversity(await toPixels(shown.images));
    }
    while (step < steps && !stopped && !signal?.aborted) {
      const n = step + 1;
      if (!stage || n > stage.end) {
        stage = stages.find((one) => n <= one.end)!;
        const { name, variant, start, end: stageEnd } = stage;
        watch?.dispose();
        watch = lossWatch((at) => lossNames(variant, at));
        if (name) yield { type: 'stage', stage: name, step, start, end: stageEnd };
      }
      const { name, variant, end: stageEnd } = stage;
      const inStage = name === undefined ? {} : { stage: name };
      const isTurn = (every: number) => n % every === 0 || n === stageEnd;
      const draws = samples !== undefined && isTurn(samples.every);
      const measured = measures.filter(({ every }) => isTurn(every));
      const reads = isTurn(log.every) || n === 1 || draws || measured.length > 0;

      meter = { losses: {}, ...(reads && { statistics: {} }) };
      await playStep(stage, n, batches.at, random.fork(`step-${n}`), meter);
      watch!.note(n, meter.losses);
      meter.losses = {};
      ema?.update(n);
      step = n;

      let metrics: Scalars | undefined;
      if (meter.statistics) {
        for (const [name, scalar] of Object.entries(statisticsOf(variant))) {
          meter.statistics[name] = tf.cast(scalar, 'float32');
        }
        let statistics = await read(meter.statistics);
        const watched = await watch!.read();
        losses = watched.losses;
        const bad = Object.entries(losses).find(([, value]) => !Number.isFinite(value));
        if (bad) {
          const [loss, value] = bad;
          const tensor = await firstNotFinite(stage, watched.step, batchAt);
          const found = tensor === undefined ? {} : { tensor };
          const at = { step: watched.step, loss, value, noticed: step };
          const event: NotFiniteEvent = { type: 'not-finite', ...at, ...found };
          yield event;
          throw notFiniteError(event);
        }
        const models = ema?.models ?? variant.game.generator.models;
        let images: Pictures | undefined;
        if (draws) {
          images = await picturesOf(variant, shown!, random.fork('samples'), models);
          statistics = { ...statistics, ...compareDiversity(pictureDiversity(images), real) };
        }
        for (const { name: measure, value } of measured) {
          const context = { step, models, random: random.fork(`measure-${measure}`) };
          statistics = { ...statistics, [measure]: await value(context) };
        }
        metrics = { ...losses, ...statistics };
        yield { type: 'metrics', step, ...inStage, seconds: seconds(), losses, statistics };
        if (images) yield { type: 'samples', step, ...inStage, images };
      }
      yield { type: 'step', step, ...inStage, seconds: seconds() };
      stopped = examineAll(stop, { step, seconds: seconds(), ...(metrics && { metrics }) });
      await otherWork();
    }
  } catch (error) {
    yield end('failed', error);
    throw error;
  } finally {
    watch?.dispose();
    // There is something left in it after a failure only.
    if (meter) tf.dispose([meter.losses, meter.statistics ?? {}]);
    if (shown) tf.dispose(shown);
    await batches.end();
  }
  const early = stopped ? 'stopped' : 'interrupted';
  yield end(step < steps ? early : 'steps');
}

/**
 * The discriminator's updates, each on a batch of its own, and the generator's on the last one, after
 * the last of them or at once with it.
 */
async function playStep<B extends Batch, S extends Sample>(
  { variant, start, startBatch, batchesPerStep }: PlannedStage<B, S>,
  n: number,
  batchAt: (position: number) => B | Promise<B>,
  random: RandomStream,
  meter: Meter | undefined,
): Promise<void> {
  let batch: B | undefined;
  try {
    for (let k = 0; k < batchesPerStep; k++) {
      if (batch) tf.dispose(batch);
      batch = undefined;
      batch = await batchAt(startBatch + (n - 1 - start) * batchesPerStep + k);
      if (!isAdversarial(variant)) continue;
      const isLast = k === batchesPerStep - 1;
      const ofDiscriminator = random.fork(`discriminator-${k}`);
      if (isLast && variant.updates === 'simultaneous') {
        const both = { discriminator: ofDiscriminator, generator: random.fork('generator') };
        return simultaneousStep(variant, batch, n, both, meter);
      }
      discriminatorStep(variant, batch, n, ofDiscriminator, isLast ? meter : undefined);
    }
    generatorStep(variant, batch!, n, random.fork('generator'), meter);
  } finally {
    if (batch) tf.dispose(batch);
  }
}

async function picturesOf<B extends Batch, S extends Sample>(
  { game }: Variant<B, S>,
  batch: B,
  random: RandomStream,
  models: Player['models'],
): Promise<Pictures> {
  const images = tf.tidy(() => game.pictures(batch, random, models));
  return toPixels(images).finally(() => images.dispose());
}

/** The batch at each position of the run, which depends on the seed and the position alone. */
function batchesOf<B extends Batch>(data: Dataset<B>, batchSize: number, random: RandomStream) {
  const examplesAt = batchOrder(data.size, batchSize, random);
  return (position: number) =>
    data.batch(examplesAt(position), random.fork(`examples-${position}`));
}

/** The examples that pictures are shown of: random ones, each once as long as there are enough. */
function fixedBatch<B extends Batch>(
  { count, data }: SamplesOptions<B>,
  trainingData: Dataset<B>,
  random: RandomStream,
): B | Promise<B> {
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
  return Object.fromEntries(names.map((name, i) => [name, values[i]!]));
}

function notFiniteError(event: NotFiniteEvent): GanloomError {
  const { step, loss, value } = event;
  return new GanloomError(
    `train: the loss "${loss}" must be finite, got ${value} at step ${step}; ` +
      `lower the learning rate, or check the data for NaN (${whereNotFinite(event)})`,
  );
}
