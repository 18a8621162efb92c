import {
  type Dataset,
  type Plan,
  type RandomStream,
  requireCounts,
  type Sample,
} from '@ganloom/core';
import { installGradients } from '@ganloom/gradients';
import { requireArguments } from './check-arguments';
import { firstStepFailed } from './first-step-failed';
import { slowBackend } from './slow-backend';
import { batchOrder } from './batch-order';
import { eventLoopTurns } from './event-loop';
import type { EndEvent, TrainEvent } from './events';
import type { ExponentialMovingAverage } from './exponential-moving-average';
import type { Meter } from './meter';
import type { Metric } from './metric';
import { requireMetrics } from './metric-names';
import { observer, type SamplesOptions } from './observer';
import { type PlannedStage, planStages } from './plan';
import { prefetched } from './prefetched';
import { playStep } from './step';
import { examineAll, type StopRule } from './stop-rule';

/** Settings of {@link train}. */
export interface TrainOptions {
  /** Generator updates, all in all. Stages have their own instead. */
  readonly steps?: number;
  readonly batchSize: number;
  /** Root of all randomness of the run; only forks of it are used. */
  readonly random: RandomStream;
  /** Kept up to date after each step; draws the samples. The caller owns it. */
  readonly ema?: ExponentialMovingAverage;
  /** What the game shows of `count` fixed examples after each `every`-th and a stage's last step. Default: nothing. */
  readonly samples?: SamplesOptions;
  /** Numbers that say how good the generator is, among the statistics. Default: none. */
  readonly metrics?: readonly Metric[];
  /** End training before all steps are done. Default: none. */
  readonly stop?: readonly StopRule[];
  /**
   * Losses are read back after each `every`-th step, and where samples are drawn or a metric has
   * its turn; default 10. Those of the steps between are checked then.
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
 * networks; installs the gradients that penalties need. What is drawn for a step depends on the seed
 * and the step's number alone. The same seed gives the same bits on the same backend and engine, with
 * any number of threads; with relaxed SIMD, where the wasm backend of ganloom uses it, others than
 * without. Variables are updated in place; no tensor is left over.
 *
 * @throws UsageError if the plan cannot be trained, steps or batch size do not fit the data, or a stop
 *   rule needs a metric that is not there.
 * @throws GanloomError if a loss becomes NaN or infinite.
 */
export async function* train<S extends Sample>(
  plan: Plan<S>,
  data: Dataset,
  options: TrainOptions,
): AsyncGenerator<TrainEvent, void, undefined> {
  const { batchSize, random, ema, samples, log = { every: 10 }, signal } = options;
  const { done = { step: 0, seconds: 0 }, metrics = [], stop = [] } = options;
  requireArguments(plan, data, options);
  installGradients();
  const stages = planStages(plan, options.steps);
  const { end: steps, endBatch } = stages.at(-1)!;
  requireCounts('train', { batchSize, 'log.every': log.every });
  if (samples) {
    requireCounts('train', { 'samples.every': samples.every, 'samples.count': samples.count });
  }
  for (const { name, every } of metrics) requireCounts('train', { [`every of "${name}"`]: every });
  requireMetrics(stages, metrics, samples !== undefined, stop);
  const batchAt = batchesOf(data, batchSize, random.fork('data'));
  const batches = prefetched(batchAt, endBatch);
  const looking = observer<S>({
    data,
    random,
    log,
    samples,
    metrics,
    models: ema?.models,
    batchAt,
  });
  const otherWork = eventLoopTurns();
  const begin = performance.now();
  const seconds = () => done.seconds + (performance.now() - begin) / 1000;
  let { step } = done;
  let stopped = examineAll(stop, { step, seconds: done.seconds });
  const end = (reason: EndEvent['reason'], error?: unknown): EndEvent => ({
    type: 'end',
    step,
    seconds: seconds(),
    imagesPerSecond: ((step - done.step) * batchSize) / (seconds() - done.seconds),
    reason,
    ...(reason === 'stopped' && { stopped: stopped! }),
    ...(reason === 'failed' && { error: error instanceof Error ? error.message : String(error) }),
    losses: looking.losses,
  });

  const drawsSamples =
    samples !== undefined && stages.some(({ variant }) => variant.game.show !== undefined);
  yield { type: 'start', step, steps, batchSize, drawsSamples };
  let stage: PlannedStage<S> | undefined;
  let meter: Meter | undefined;
  try {
    await looking.begin();
    while (step < steps && !stopped && !signal?.aborted) {
      const n = step + 1;
      if (!stage || n > stage.end) {
        stage = stages.find((one) => n <= one.end)!;
        const { name, start, end: stageEnd } = stage;
        if (name) yield { type: 'stage', stage: name, step, start, end: stageEnd };
      }
      const { name, variant, start, startBatch, batchesPerStep } = stage;
      const first = startBatch + (n - 1 - start) * batchesPerStep;
      meter = looking.meter(n, stage);
      const isFirst = n === done.step + 1 || n === start + 1;
      const beginOfStep = performance.now();
      let isLoading = false;
      try {
        await playStep(variant, {
          async batch(k) {
            isLoading = true;
            const batch = await batches.at(first + k);
            isLoading = false;
            return batch;
          },
          step: n,
          random: random.fork(`step-${n}`),
          meter,
        });
      } catch (error) {
        throw isFirst && !isLoading ? firstStepFailed(variant, data, error) : error;
      }
      if (isFirst) slowBackend(performance.now() - beginOfStep);
      ema?.update(n);
      step = n;
      const read = yield* looking.look(n, stage, meter, seconds);
      yield { type: 'step', step, ...(name && { stage: name }), seconds: seconds() };
      stopped = examineAll(stop, { step, seconds: seconds(), ...(read && { metrics: read }) });
      await otherWork();
    }
  } catch (error) {
    yield end('failed', error);
    throw error;
  } finally {
    looking.dispose();
    // There is something left in it after a failure only.
    meter?.dispose();
    await batches.end();
  }
  const early = stopped ? 'stopped' : 'interrupted';
  yield end(step < steps ? early : 'steps');
}

/** The batch at each position of the run, which depends on the seed and the position alone. */
function batchesOf(data: Dataset, batchSize: number, random: RandomStream) {
  const examplesAt = batchOrder(data.size, batchSize, random);
  return (position: number) =>
    data.batch(examplesAt(position), random.fork(`examples-${position}`));
}
