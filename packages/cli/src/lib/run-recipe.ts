import {
  type Batch,
  type Dataset,
  GanloomError,
  type Plan,
  type Player,
  RandomStream,
  type Sample,
} from '@ganloom/core';
import {
  type EndEvent,
  exponentialMovingAverage,
  healthMonitor,
  isStaged,
  type Measure,
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
  lockRun,
  metricsSink,
  readRunConfig,
  requireNewRun,
  resumeRun,
  type RunBackend,
  type RunConfig,
  runNames,
  samplesSink,
  summarySink,
  tensorboardSink,
  writeRunConfig,
} from '@ganloom/runs';
import { dataFingerprint } from '@ganloom/datasets';
import { reportSink, runRecord } from '@ganloom/report';
import { liveView } from '@ganloom/report/node';
import { saveModel, type Store } from '@ganloom/storage';
import { diskStore } from '@ganloom/storage/node';
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
export interface Recipe<B extends Batch, S extends Sample> {
  readonly app: string;
  readonly version: string;
  readonly settings: RecipeSettings;
  /** Starts the backend. */
  backend(): Promise<RunBackend>;
  /** Loads the training data. */
  data(): Promise<Dataset<B>>;
  /** Networks, losses and optimizers; `random` is for the first weights. */
  plan(data: Dataset<B>, random: RandomStream): Plan<B, S> | Promise<Plan<B, S>>;
  /** Generator updates; stages have their own. */
  readonly steps?: number;
  /** Default: 100 pictures for examples of the training data. */
  readonly samples?: Partial<Omit<SamplesOptions<B>, 'every'>>;
  /** What says how good the generator is. */
  measures?(data: Dataset<B>): readonly Measure[];
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
export async function runRecipe<B extends Batch, S extends Sample>(
  recipe: Recipe<B, S>,
): Promise<number> {
  const { settings } = recipe;
  // First, so that nobody waits for a training that has no place to go.
  const run = diskStore(settings.out);
  if (!settings.resume) await requireNewRun(run);
  const lock = await lockRun(run);
  try {
    return await trainIn(run, recipe);
  } finally {
    await lock.release();
  }
}

async function trainIn<B extends Batch, S extends Sample>(
  run: Store,
  recipe: Recipe<B, S>,
): Promise<number> {
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
  const earlier = done ? await readMetrics(run) : [];
  health.recall(earlier);
  const stop = stopRulesOf(recipe);
  for (const { step, seconds, losses, statistics } of earlier) {
    for (const rule of stop) rule.examine({ step, seconds, metrics: { ...losses, ...statistics } });
  }
  const record = runRecord(run, config, health, earlier);

  const checkpoints = checkpointSink(run, state, {
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
  const measures = recipe.measures?.(data) ?? [];
  const interrupt = interruptSignal();
  const events = train(plan, data, {
    ...(steps !== undefined && { steps }),
    batchSize: settings.batch,
    random: random.fork('training'),
    ...(ema && { ema }),
    samples: { every: settings.sampleEvery, count: 100, ...recipe.samples },
    log: { every: settings.logEvery },
    measures,
    stop,
    signal: interrupt.signal,
    ...(done && { done }),
  });
  const sinks = [
    progressSink({ also: [...measures.map(({ name }) => name), ...(best ? [best.metric] : [])] }),
    health.sink,
    metricsSink(run),
    samplesSink(run),
    tensorboardSink(run, { weights: () => networksOf(state) }),
    stageSink(run, shown, isStaged(plan) ? plan.map(({ name }) => name) : []),
    summarySink(run, health.verdicts),
    record.sink,
    reportSink(run, record.data),
    ...(live ? [live.sink] : []),
    samplesStripSink(run),
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
      `samples:   ${run.describe(runNames.samples)}\n` +
      `generator: ${run.describe(runNames.generator)}\n` +
      `report:    ${run.describe(runNames.report)}`,
  );
  if (bestStep) console.log(`best:      ${run.describe(runNames.bestGenerator)} of ${bestStep}`);
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

async function configOf<B extends Batch, S extends Sample>(
  { app, version, settings }: Recipe<B, S>,
  backend: RunBackend,
  data: Dataset<B>,
): Promise<RunConfig> {
  const { name, size, imageShape: image, classNames } = data;
  // A run can be moved, so it does not say where it is, or where it was watched, or for how long.
  const { out: _, resume: __, serve: ___, stopAfter: ____, ...kept } = settings;
  const versions = { ganloom: version, node: process.versions.node, ...backend.versions };
  const fingerprint = await dataFingerprint(data);
  return {
    app,
    settings: kept,
    data: { name, size, image, classNames, fingerprint },
    backend,
    versions,
  };
}

/** The same events; the settings are on the disk before anybody hears of the first. */
async function* recorded(
  events: AsyncIterable<TrainEvent>,
  run: Store,
  config: RunConfig,
): AsyncGenerator<TrainEvent> {
  for await (const event of events) {
    if (event.type === 'start') await writeRunConfig(run, config);
    yield event;
  }
}

function stopRulesOf<B extends Batch, S extends Sample>({
  settings,
  stop = [],
}: Recipe<B, S>): readonly StopRule[] {
  const { stopAfter: minutes } = settings;
  return minutes === undefined ? stop : [...stop, stopAfter({ seconds: 60 * minutes })];
}

function announce({ name, size, imageShape }: Dataset, { device, threads }: RunBackend): void {
  const { height, width, channels } = imageShape;
  const cores = threads ? `, ${threads} thread(s)` : '';
  console.error(`${size} pictures of ${height}×${width}×${channels}: ${name}; ${device}${cores}`);
}

/** The networks to average and to save: those of all stages. */
function generatorOf<B extends Batch, S extends Sample>(plan: Plan<B, S>): Player['models'] {
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

async function saveModels(models: Player['models'], run: Store, ending = ''): Promise<void> {
  for (const [name, model] of Object.entries(models)) {
    await saveModel(model, run.within(`${name}${ending}`));
  }
}

/**
 * Keeps the generator of the best checkpoint, and says which that is; the state becomes what it was then.
 * Without one, as in a run that ended before its first samples, it warns.
 */
async function saveBest(
  run: Store,
  state: TrainingState,
  models: Player['models'],
): Promise<string | undefined> {
  let checkpoint: Checkpoint;
  try {
    checkpoint = await bestCheckpoint(run);
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
function stageSink(run: Store, models: Player['models'], stages: readonly string[]): Sink {
  return async (event) => {
    if (event.type !== 'stage' || event.step > event.start) return;
    const before = stages[stages.indexOf(event.stage) - 1];
    if (before !== undefined) await saveModels(models, run, `-${before}`);
  };
}
