import { join } from 'node:path';
import {
  type Dataset,
  GanloomError,
  type Plan,
  type Player,
  RandomStream,
  type Sample,
  imageShapeOf,
} from '@ganloom/core';
import {
  type EndEvent,
  exponentialMovingAverage,
  healthMonitor,
  isStaged,
  type Metric,
  type NamedTensors,
  runTraining,
  type SamplesOptions,
  type Sink,
  stopAfter,
  type StopRule,
  train,
  type TrainEvent,
  type TrainingState,
  trainingState,
} from '@ganloom/training';
import {
  readMetrics,
  bestCheckpoint,
  type Checkpoint,
  checkpointSink,
  type CheckpointSinkOptions,
  createRunFolder,
  lockRunFolder,
  metricsSink,
  readRunConfig,
  reopenRunFolder,
  resumeRun,
  type RunBackend,
  type RunConfig,
  type RunFolder,
  samplesSink,
  summarySink,
  tensorboardSink,
  writeRunConfig,
} from '@ganloom/runs';
import { dataFingerprint } from '@ganloom/datasets/node';
import { liveView, reportSink, runRecord } from '@ganloom/report';
import { saveModel } from '@ganloom/storage/node';
import * as tf from '@tensorflow/tfjs';
import { EXIT } from './exit-code';
import { interruptSignal } from './interrupt-signal';
import { progressSink } from './progress-sink';
import { samplesStripSink } from './samples-strip';

/** The settings that every recipe has. They must be JSON: `config.json` keeps them for resuming. */
export interface RecipeSettings {
  /** The run folder. */
  readonly out: string;
  /** Go on with the run in `out` at its newest checkpoint. */
  readonly resume: boolean;
  readonly batch: number;
  readonly seed: number;
  /** Decay of the generator's average; 0 for none. */
  readonly ema: number;
  readonly sampleEvery: number;
  readonly logEvery: number;
  readonly checkpointEvery: number;
  /** Show the run in a browser, at this port of this machine or one that is found. Default false. */
  readonly serve?: number | boolean;
  /** Minutes of training, those of earlier parts of the run included, after which it ends. */
  readonly stopAfter?: number;
}

/** What a program that trains must say of itself; the rest of a run is the same for all. */
export interface Recipe<S extends Sample> {
  readonly app: string;
  readonly version: string;
  readonly settings: RecipeSettings;
  /** Starts the backend. */
  backend(): Promise<RunBackend>;
  /** Loads the training data. */
  data(): Promise<Dataset>;
  /** Networks, losses and optimizers; `random` is for the first weights. */
  plan(data: Dataset, random: RandomStream): Plan<S> | Promise<Plan<S>>;
  /** Generator updates; stages have their own. */
  readonly steps?: number;
  /** Default: 100 pictures for examples of the training data. */
  readonly samples?: Partial<Omit<SamplesOptions, 'every'>>;
  /** What says how good the generator is. */
  metrics?(data: Dataset): readonly Metric[];
  /** What ends training before all steps are done, beside `settings.stopAfter`. */
  readonly stop?: readonly StopRule[];
  /** The checkpoint with the best value of this metric is kept, too; see `checkpointSink`. */
  readonly best?: CheckpointSinkOptions['best'];
  /** Told of every event, before what it says is saved. */
  readonly sinks?: readonly Sink[];
}

/**
 * A whole run in its folder: settings, progress, metrics, samples, event files of TensorBoard, a
 * report, checkpoints, summary, and in the end each network of the generator's side, averaged if there
 * is an average. Ctrl-C finishes the step and saves all of this. Returns the exit code.
 *
 * With stages, the generator at the end of a stage is kept as `generator-<stage>` as well; with `best`,
 * that of the best checkpoint as `generator-best`.
 *
 * @throws what `train` throws; UsageError if the folder does not fit; GanloomError if another process
 *   trains in it.
 */
export async function runRecipe<S extends Sample>(recipe: Recipe<S>): Promise<number> {
  const { settings } = recipe;
  // First, so that nobody waits for a training that has no place to go.
  const run = await (settings.resume ? reopenRunFolder : createRunFolder)(settings.out);
  const lock = await lockRunFolder(run);
  try {
    return await trainIn(run, recipe);
  } finally {
    await lock.release();
  }
}

async function trainIn<S extends Sample>(run: RunFolder, recipe: Recipe<S>): Promise<number> {
  const { settings, steps, best } = recipe;
  const backend = await recipe.backend();
  const data = await recipe.data();
  const config = await configOf(recipe, backend, data);
  const before = settings.resume ? await readRunConfig(run, recipe.app) : undefined;

  const random = RandomStream.fromSeed(settings.seed);
  const plan = await recipe.plan(data, random);
  const models = generatorOf(plan);
  const ema =
    settings.ema > 0 ? await exponentialMovingAverage(models, { decay: settings.ema }) : undefined;
  const shown = ema?.models ?? models;
  const state = trainingState(plan, ema);
  const done = before && (await resumeRun(run, before, config, state));
  announce(data, backend);
  const health = healthMonitor({ warn: ({ message }) => warnAboveProgress(message) });
  const earlier = done ? await readMetrics(run.metrics) : [];
  health.recall(earlier);
  const stop = stopRulesOf(recipe);
  for (const { step, seconds, losses, statistics } of earlier) {
    for (const rule of stop) rule.examine({ step, seconds, metrics: { ...losses, ...statistics } });
  }
  const record = runRecord(run, config, health, earlier);

  const checkpoints = checkpointSink(run.checkpoints, state, {
    every: settings.checkpointEvery,
    settings: (before ?? config).settings,
    ...(best && { best }),
  });
  let saved = true;
  const saving: Sink = async (event) => {
    saved = false;
    await checkpoints(event);
    saved = true;
  };
  const { serve = false } = settings;
  const live =
    serve === false ? undefined : await liveView(record.data, serve === true ? undefined : serve);
  if (live) console.error(`live:      ${live.url}`);
  const metrics = recipe.metrics?.(data) ?? [];
  const interrupt = interruptSignal();
  const events = train(plan, data, {
    ...(steps !== undefined && { steps }),
    batchSize: settings.batch,
    random: random.fork('training'),
    ...(ema && { ema }),
    samples: { every: settings.sampleEvery, count: 100, ...recipe.samples },
    log: { every: settings.logEvery },
    metrics,
    stop,
    signal: interrupt.signal,
    ...(done && { done }),
  });
  const sinks = [
    progressSink({ also: [...metrics.map(({ name }) => name), ...(best ? [best.metric] : [])] }),
    health.sink,
    metricsSink(run.metrics),
    samplesSink(run.samples),
    tensorboardSink(run.path, { weights: () => networksOf(state) }),
    stageSink(run, shown, isStaged(plan) ? plan.map(({ name }) => name) : []),
    summarySink(run.summary, health.verdicts),
    record.sink,
    reportSink(run.report, record.data),
    ...(live ? [live.sink] : []),
    samplesStripSink(run.samples),
    ...(recipe.sinks ?? []),
    saving,
  ];
  let end: EndEvent;
  let bestStep: string | undefined;
  try {
    end = await runTraining(before ? events : recorded(events, run, config), sinks);
    await saveModels(shown, run);
    bestStep = best && (await saveBest(run, state, shown));
  } finally {
    interrupt.dispose();
    await live?.close();
  }

  console.log(
    `${end.step} steps in ${end.seconds.toFixed(1)} s (${end.imagesPerSecond.toFixed(0)} pictures/s)\n` +
      `samples:   ${run.samples}\ngenerator: ${run.generator}\nreport:    ${run.report}`,
  );
  if (bestStep) console.log(`best:      ${run.bestGenerator} of ${bestStep}`);
  if (!saved)
    throw new GanloomError('the last checkpoint could not be written; see the warning above');
  if (end.stopped) console.log(`ended early: ${end.stopped.because}`);
  if (end.reason !== 'interrupted') return EXIT.done;
  console.log('interrupted: the same command with --resume goes on');
  return EXIT.interrupted;
}

function warnAboveProgress(message: string): void {
  // The bar stands in this line, and is drawn anew.
  if (process.stderr.isTTY) process.stderr.write('\r\u001B[K');
  console.error(`warning: ${message}`);
}

async function configOf<S extends Sample>(
  { app, version, settings }: Recipe<S>,
  backend: RunBackend,
  data: Dataset,
): Promise<RunConfig> {
  const { name, size, classNames } = data;
  const image = data.shapes['images'] && imageShapeOf(data);
  // A run can be moved, so it does not say where it is, or where it was watched, or for how long.
  const { out: _, resume: __, serve: ___, stopAfter: ____, ...kept } = settings;
  const versions = { ganloom: version, node: process.versions.node, ...backend.versions };
  const fingerprint = await dataFingerprint(data);
  return {
    app,
    settings: kept,
    data: { name, size, ...(image && { image }), classNames, fingerprint },
    backend,
    versions,
  };
}

/** The same events; the settings are on the disk before anybody hears of the first. */
async function* recorded(
  events: AsyncIterable<TrainEvent>,
  run: RunFolder,
  config: RunConfig,
): AsyncGenerator<TrainEvent> {
  for await (const event of events) {
    if (event.type === 'start') await writeRunConfig(run, config);
    yield event;
  }
}

function stopRulesOf<S extends Sample>({ settings, stop = [] }: Recipe<S>): readonly StopRule[] {
  const { stopAfter: minutes } = settings;
  return minutes === undefined ? stop : [...stop, stopAfter({ seconds: 60 * minutes })];
}

function announce(data: Dataset, { device, threads }: RunBackend): void {
  const { name, size } = data;
  const image = data.shapes['images'] && imageShapeOf(data);
  const what = image ? `pictures of ${image.height}×${image.width}×${image.channels}` : 'examples';
  const cores = threads ? `, ${threads} thread(s)` : '';
  console.error(`${size} ${what}: ${name}; ${device}${cores}`);
}

/** The networks to average and to save: those of all stages. */
function generatorOf<S extends Sample>(plan: Plan<S>): Player['models'] {
  const variants = isStaged(plan) ? plan.map(({ variant }) => variant) : [plan];
  const models: Record<string, Player['models'][string]> = {};
  for (const [name, model] of variants.flatMap(({ game }) =>
    Object.entries(game.generator.models),
  )) {
    models[name] ??= model;
    if (models[name] !== model) {
      throw new GanloomError(
        `runRecipe: a name must mean one network in all stages, got two of the name "${name}"; ` +
          'name them by their stages',
      );
    }
  }
  return models;
}

/** The weights of all networks that play, by name. */
function networksOf(state: TrainingState): NamedTensors {
  // No optimizer is used after the last step of all.
  const all = Object.entries(state.tensors(Infinity));
  return Object.fromEntries(all.filter(([name]) => /^(generator|discriminator)\//.test(name)));
}

async function saveModels(models: Player['models'], run: RunFolder, ending = ''): Promise<void> {
  for (const [name, model] of Object.entries(models)) {
    await saveModel(model, join(run.path, `${name}${ending}`));
  }
}

/**
 * Keeps the generator of the best checkpoint, and says which that is; the state becomes what it was then.
 * Without one, as in a run that ended before its first samples, it warns.
 */
async function saveBest(
  run: RunFolder,
  state: TrainingState,
  models: Player['models'],
): Promise<string | undefined> {
  let checkpoint: Checkpoint;
  try {
    checkpoint = await bestCheckpoint(run.checkpoints);
  } catch (error) {
    console.error(`warning: there is no best generator: ${(error as Error).message}`);
    return undefined;
  }
  const tensors = checkpoint.tensors();
  try {
    state.restore(checkpoint.step, tensors);
  } finally {
    tf.dispose(tensors);
  }
  await saveModels(models, run, '-best');
  const { metric, value } = checkpoint.quality!;
  return `step ${checkpoint.step} (${metric} ${value.toPrecision(3)})`;
}

/** Keeps the generator that a stage leaves to the next. */
function stageSink(run: RunFolder, models: Player['models'], stages: readonly string[]): Sink {
  return async (event) => {
    if (event.type !== 'stage' || event.step > event.start) return;
    const before = stages[stages.indexOf(event.stage) - 1];
    if (before !== undefined) await saveModels(models, run, `-${before}`);
  };
}
