import { type Dataset, imageShapeOf, RandomStream } from '@ganloom/core';
import { dataFingerprint } from '@ganloom/datasets';
import { reportSink, runRecord } from '@ganloom/report';
import {
  checkpointSink,
  lockRun,
  metricsSink,
  readMetrics,
  readRunConfig,
  requireNewRun,
  resumeRun,
  type RunBackend,
  type RunConfig,
  samplesSink,
  summarySink,
  tensorboardSink,
  writeRunConfig,
} from '@ganloom/runs';
import {
  type EndEvent,
  exponentialMovingAverage,
  healthMonitor,
  runTraining,
  type Sink,
  stopAfter,
  train,
  type TrainEvent,
  trainingState,
} from '@ganloom/training';
import type { CommonSettings } from './common-settings';
import { openNeed } from './open-need';
import type { Recipe, RecipeSettings, Watch } from './recipe';
import { networkWeights, playersOf, saveBest, saveGenerators, stageSink } from './run-networks';
import type { SettingsSpec } from './setting';
import type { TrainHost } from './host';

export interface TrainRecipeOptions {
  /** Go on with the run in its place, at its newest checkpoint. Default false. */
  readonly resume?: boolean;
}

export interface TrainOutcome {
  readonly end: EndEvent;
  /** Which checkpoint is the best, in words, if one is kept. */
  readonly best?: string;
  /** Whether the last checkpoint is on its place. */
  readonly isSaved: boolean;
}

/**
 * A whole run in its store: settings, metrics, samples, event files of TensorBoard, a report,
 * checkpoints, summary, and in the end each network of the generator's side, averaged if there is an
 * average, with what a loader needs to draw with it. What the signal interrupts is saved as well.
 *
 * With stages, the generator at the end of a stage is kept as `generator-<stage>` too; with a best
 * metric, that of the best checkpoint as `generator-best`.
 *
 * @throws what `train` throws; UsageError if the place holds something else; GanloomError if another
 *   process trains in it.
 */
export async function trainRecipe<Spec extends SettingsSpec>(
  recipe: Recipe<Spec>,
  settings: RecipeSettings<Spec>,
  host: TrainHost,
  { resume = false }: TrainRecipeOptions = {},
): Promise<TrainOutcome> {
  // First, so that nobody waits for a training that has no place to go.
  if (!resume) await requireNewRun(host.run);
  const lease = await lockRun(host.run);
  try {
    return await trainIn(recipe, settings, host, resume);
  } finally {
    await lease.release();
  }
}

async function trainIn<Spec extends SettingsSpec>(
  recipe: Recipe<Spec>,
  settings: RecipeSettings<Spec>,
  host: TrainHost,
  resume: boolean,
): Promise<TrainOutcome> {
  const { run, signal } = host;
  const common = settings as unknown as CommonSettings;
  const { seed, batch, ema: decay, sampleEvery, logEvery, checkpointEvery } = common;
  const backend = await host.backend(common);
  const random = RandomStream.fromSeed(seed);
  const data = await openNeed(recipe.data(settings), host, random.fork(recipe.name).fork('data'));
  const config = await configOf(recipe, settings, backend, data, host);
  const before = resume ? await readRunConfig(run, recipe.name) : undefined;

  const plan = await recipe.plan({ settings, data, random, isNew: !resume, place: host.place });
  const players = playersOf(plan, data.classNames);
  const ema = decay > 0 ? await exponentialMovingAverage(players.models, { decay }) : undefined;
  const shown = ema?.models ?? players.models;
  const state = trainingState(plan, ema);
  const done = before && (await resumeRun(run, before, config, state, (line) => host.note(line)));
  announce(data, backend, host);

  const { metrics = [], stop = [], best }: Watch = recipe.watch?.({ settings, data }) ?? {};
  const rules = [
    ...stop,
    ...(common.stopAfter === undefined ? [] : [stopAfter({ seconds: 60 * common.stopAfter })]),
  ];
  const health = healthMonitor({ warn: ({ message }) => host.note(`warning: ${message}`) });
  const earlier = done ? await readMetrics(run) : [];
  health.recall(earlier);
  for (const { step, seconds, losses, statistics } of earlier) {
    for (const rule of rules)
      rule.examine({ step, seconds, metrics: { ...losses, ...statistics } });
  }
  const record = runRecord(run, config, health, earlier);
  const checkpoints = checkpointSink(run, state, {
    every: checkpointEvery,
    settings: (before ?? config).settings,
    ...(best && { best }),
  });
  let isSaved = true;
  const saving: Sink = async (event) => {
    isSaved = false;
    await checkpoints(event);
    isSaved = true;
  };
  const also = [...metrics.map(({ name }) => name), ...(best ? [best.metric] : [])];
  const hostSinks = (await host.sinks?.({ also, report: record.data })) ?? [];
  const sinks = [
    health.sink,
    metricsSink(run),
    samplesSink(run),
    tensorboardSink(run, { weights: () => networkWeights(state) }),
    stageSink(run, shown, players, plan),
    summarySink(run, health.verdicts),
    record.sink,
    reportSink(run, record.data),
    ...hostSinks,
    saving,
  ];
  const steps = recipe.steps?.(settings);
  const events = train(plan, data, {
    ...(steps !== undefined && { steps }),
    batchSize: batch,
    random: random.fork('training'),
    ...(ema && { ema }),
    samples: { every: sampleEvery, count: 100, ...recipe.samples?.(settings) },
    log: { every: logEvery },
    metrics,
    stop: rules,
    ...(signal && { signal }),
    ...(done && { done }),
  });
  const told = before ? events : recorded(events, () => writeRunConfig(run, config));
  const end = await runTraining(told, sinks);
  await saveGenerators(run, shown, players);
  const bestStep = best && (await saveBest(run, state, shown, players, host));
  return { end, isSaved, ...(bestStep !== undefined && { best: bestStep }) };
}

/** The same events; the settings are kept before anybody hears of the first. */
async function* recorded(
  events: AsyncIterable<TrainEvent>,
  keep: () => Promise<void>,
): AsyncGenerator<TrainEvent> {
  for await (const event of events) {
    if (event.type === 'start') await keep();
    yield event;
  }
}

async function configOf<Spec extends SettingsSpec>(
  { name: app, version }: Recipe<Spec>,
  settings: RecipeSettings<Spec>,
  backend: RunBackend,
  data: Dataset,
  { versions }: TrainHost,
): Promise<RunConfig> {
  const { name, size, shapes, classNames } = data;
  // A run can be moved and watched: how long it may take is not what it depends on.
  const { stopAfter: _, ...kept } = settings as Record<string, unknown>;
  return {
    app,
    settings: kept,
    data: {
      name,
      size,
      ...(shapes['images']?.length === 3 && { image: imageShapeOf(data) }),
      classNames,
      fingerprint: await dataFingerprint(data),
    },
    backend,
    versions: { ganloom: version, ...versions, ...backend.versions },
  };
}

function announce(data: Dataset, { device, threads }: RunBackend, host: TrainHost): void {
  const { name, size, shapes } = data;
  const what = shapes['images']
    ? `pictures of ${shapes['images'].join('×')}`
    : `examples of ${Object.keys(shapes).join(', ')}`;
  const cores = threads ? `, ${threads} thread(s)` : '';
  host.note(`${size} ${what}: ${name}; ${device}${cores}`);
}
