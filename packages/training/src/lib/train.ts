import {
  type Batch,
  type Dataset,
  GanloomError,
  type RandomStream,
  type Sample,
  UsageError,
  type Variant,
} from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { batchOrder } from './batch-order';
import { eventLoopTurns } from './event-loop';
import type { EndEvent, NotFiniteEvent, Scalars, TrainEvent } from './events';
import type { ExponentialMovingAverage } from './exponential-moving-average';
import type { Meter } from './objective';
import { discriminatorStep, generatorStep } from './steps';
import { toPixels } from './to-pixels';

export interface TrainOptions {
  /** Generator updates, all in all. */
  readonly steps: number;
  readonly batchSize: number;
  /** Root of all randomness of the run; only forks of it are used. */
  readonly random: RandomStream;
  /** Kept up to date after each step; draws the samples. The caller owns it. */
  readonly ema?: ExponentialMovingAverage;
  /** Pictures of `count` fixed latents after each `every`-th and the last step. Default: none. */
  readonly samples?: { readonly every: number; readonly count: number };
  /** Losses are read back, and checked, after each `every`-th step; default 10. */
  readonly log?: { readonly every: number };
  /** Ends training after the step in progress. */
  readonly signal?: AbortSignal;
  /** Steps that an earlier part of the run has done; default 0. */
  readonly startStep?: number;
}

/**
 * Plays a variant's game on data and says what happens.
 *
 * Goodfellow et al. 2014 (arXiv 1406.2661), algorithm 1, with any loss, terms, optimizers and
 * networks. What happens in a step depends on the seed and the step's number alone. Variables are
 * updated in place; no tensor is left over.
 *
 * @throws UsageError if steps or batch size do not fit the data.
 * @throws GanloomError if a loss becomes NaN or infinite.
 */
export async function* train<B extends Batch, S extends Sample>(
  variant: Variant<B, S>,
  data: Dataset<B>,
  options: TrainOptions,
): AsyncGenerator<TrainEvent, void, undefined> {
  const {
    steps,
    batchSize,
    random,
    ema,
    samples,
    log = { every: 10 },
    signal,
    startStep = 0,
  } = options;
  const { discriminatorSteps = 1, game } = variant;
  requireCounts({ steps, batchSize, discriminatorSteps, 'log.every': log.every });
  if (samples) requireCounts({ 'samples.every': samples.every, 'samples.count': samples.count });
  const examplesAt = batchOrder(data.size, batchSize, random.fork('data'));
  const otherWork = eventLoopTurns();
  const begin = performance.now();
  const seconds = () => (performance.now() - begin) / 1000;
  let step = startStep;
  let losses: Scalars = {};
  const end = (reason: EndEvent['reason'], error?: unknown): EndEvent => ({
    type: 'end',
    step,
    seconds: seconds(),
    imagesPerSecond: ((step - startStep) * batchSize) / seconds(),
    reason,
    ...(reason === 'failed' && { error: error instanceof Error ? error.message : String(error) }),
    losses,
  });

  yield { type: 'start', step, steps, batchSize };
  try {
    while (step < steps && !signal?.aborted) {
      const n = step + 1;
      const isTurn = (every: number) => n % every === 0 || n === steps;
      const meter: Meter | undefined =
        isTurn(log.every) || n === 1 ? { losses: {}, statistics: {} } : undefined;
      const randomness = random.fork(`step-${n}`);
      let batch: B | undefined;
      try {
        for (let k = 0; k < discriminatorSteps; k++) {
          if (batch) tf.dispose(batch);
          batch = await data.batch(examplesAt(step * discriminatorSteps + k));
          const last = k === discriminatorSteps - 1;
          discriminatorStep(
            variant,
            batch,
            n,
            randomness.fork(`discriminator-${k}`),
            last ? meter : undefined,
          );
        }
        generatorStep(variant, batch!, n, randomness.fork('generator'), meter);
      } finally {
        if (batch) tf.dispose(batch);
      }
      ema?.update(n);
      step = n;
      const statistics = meter && (await read(meter.statistics));
      if (meter) losses = await read(meter.losses);
      yield { type: 'step', step, seconds: seconds() };

      if (statistics) {
        const bad = findNotFinite(losses, step);
        if (bad) {
          yield bad;
          throw notFiniteError(bad);
        }
        yield { type: 'metrics', step, seconds: seconds(), losses, statistics };
      }
      if (samples && isTurn(samples.every)) {
        const models = ema?.models ?? game.generator.models;
        const images = tf.tidy(() => game.pictures(samples.count, random.fork('samples'), models));
        yield {
          type: 'samples',
          step,
          images: await toPixels(images).finally(() => images.dispose()),
        };
      }
      await otherWork();
    }
  } catch (error) {
    yield end('failed', error);
    throw error;
  }
  yield end(step < steps ? 'interrupted' : 'steps');
}

/** Reads scalars back in one go, and disposes them. */
async function read(scalars: Record<string, tf.Scalar>): Promise<Scalars> {
  const names = Object.keys(scalars);
  const stacked = tf.stack(Object.values(scalars));
  const values = await stacked.data();
  tf.dispose([scalars, stacked]);
  return Object.fromEntries(names.map((name, i) => [name, values[i]!]));
}

function findNotFinite(losses: Scalars, step: number): NotFiniteEvent | undefined {
  const found = Object.entries(losses).find(([, value]) => !Number.isFinite(value));
  return found && { type: 'not-finite', step, loss: found[0], value: found[1] };
}

function notFiniteError({ step, loss, value }: NotFiniteEvent): GanloomError {
  return new GanloomError(
    `train: the loss "${loss}" must be finite, got ${value} at step ${step}; ` +
      'lower the learning rate, or check the data for NaN',
  );
}

function requireCounts(counts: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(counts)) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new UsageError(`train: ${name} must be a positive integer, got ${value}`);
    }
  }
}
