import {
  type Dataset,
  imageShapeOf,
  type Plan,
  RandomStream,
  requireCounts,
  requireIntegers,
  requireNumbers,
} from '@ganloom/core';
import { dataFingerprint } from '@ganloom/datasets';
import { reasonOf } from '@ganloom/storage';
import { reportSink, runRecord } from '@ganloom/report';
import {
  checkpointSink,
  hasBegun,
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
  disposePlan,
  type EndEvent,
  exponentialMovingAverage,
  type ExponentialMovingAverage,
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
import {
  networkWeights,
  type Players,
  playersOf,
  saveBest,
  saveGenerators,
  stageSink,
} from './run-networks';
import type { SettingsSpec } from './setting';
import type { TrainHost } from './host';

/** Settings of {@link trainRecipe}. */
export interface TrainRecipeOptions {
  /** Go on with the run in its place, at its newest checkpoint. Default false. */
  readonly resume?: boolean;
}

/** What a training has left. */
export interface TrainOutcome {
  readonly end: EndEvent;
  /** Which checkpoint is the best, in words, if one is kept. */
  readonly best?: string;
  /** The names under which the networks of the generator's side are kept. */
  readonly generators: readonly string[];
  /** Whether the last checkpoint is on its place. */
  readonly isSaved: boolean;
}

/**
 * A whole run in its store: settings, metrics, samples, event files of TensorBoard, a report,
 * checkpoints, summary, and in the end each network of the generator's side, averaged if there is an
 * average, with what a loader needs to draw with it. What the signal interrupts is saved as well.
 *
 * With stages, the generator at the end of a stage is kept as `generator-<stage>` too; with a best
 * metric, that of the best checkpoint as `generator-best`. Leaves no tensor over.
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
  const warn = (message: string) => host.note(`warning: ${message}`);
  const lease = await lockRun(host.run, { warn });
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
  const { run } = host;
  const common = commonIn(recipe.name, settings);
  const backend = await host.backend(common);
  const random = RandomStream.fromSeed(common.seed);
  const data = await openNeed(recipe.data(settings), host, random.fork(recipe.name).fork('data'));
  const config = await configOf(recipe, settings, backend, data, host);
  const before = resume ? await readRunConfig(run, recipe.name) : undefined;
  const isNew = !before || !(await hasBegun(run));
  const plan = await recipe.plan({ settings, data, random, isNew, place: host.place });
  const players = playersOf(plan, data.classNames);
  const { ema: decay } = common;
  const ema = decay > 0 ? await exponentialMovingAverage(players.models, { decay }) : undefined;
  try {
    return await trainPlan(recipe, settings, host, {
      common,
      random,
      data,
      config,
      before,
      plan,
      players,
      ema,
    });
  } finally {
    ema?.dispose();
    disposePlan(plan);
  }
}

interface Prepared {
  readonly common: CommonSettings;
  readonly random: RandomStream;
  readonly data: Dataset;
  readonly config: RunConfig;
  /** That of a run that goes on. */
  readonly before: RunConfig | undefined;
  readonly plan: Plan;
  readonly players: Players;
  readonly ema: ExponentialMovingAverage | undefined;
}

async function trainPlan<Spec extends SettingsSpec>(
  recipe: Recipe<Spec>,
  settings: RecipeSettings<Spec>,
  host: TrainHost,
  { common, random, data, config, before, plan, players, ema }: Prepared,
): Promise<TrainOutcome> {
  const { run } = host;
  const shown = ema?.models ?? players.models;
  const state = trainingState(plan, ema);
  const note = (line: string) => host.note(line);
  const done = before && (await resumeRun(run, before, onSameThreads(config, before), state, note));
  announce(data, config.backend, host);

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
    every: common.checkpointEvery,
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
  const { signal } = host;
  const events = train(plan, data, {
    ...(steps !== undefined && { steps }),
    batchSize: common.batch,
    random: random.fork('training'),
    ...(ema && { ema }),
    samples: { every: common.sampleEvery, count: 100, ...recipe.samples?.(settings) },
    log: { every: common.logEvery },
    metrics,
    stop: rules,
    ...(signal && { signal }),
    ...(done && { done }),
  });
  const told = before ? events : recorded(events, () => writeRunConfig(run, config));
  const end = await runTraining(told, sinks, {
    onSinkError: (error, { type }) =>
      host.note(`warning: at the event "${type}", which does not end training: ${reasonOf(error)}`),
  });
  await saveGenerators(run, shown, players);
  const bestStep = best && (await saveBest(run, state, shown, players, host));
  return {
    end,
    isSaved,
    generators: Object.keys(shown),
    ...(bestStep !== undefined && { best: bestStep }),
  };
}

/** Those settings that training itself reads. A recipe may have own ones in their place. */
function commonIn(recipe: string, settings: object): CommonSettings {
  const common = settings as CommonSettings;
  const { batch, sampleEvery, logEvery, checkpointEvery, seed, ema } = common;
  const where = `trainRecipe: ${recipe}`;
  requireCounts(where, { batch, sampleEvery, logEvery, checkpointEvery });
  requireIntegers(where, { seed }, { min: 0 });
  requireNumbers(where, { ema }, { min: 0, below: 1 });
  return common;
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

function announce(
  data: Dataset,
  { device, threads, threadsNote }: RunBackend,
  host: TrainHost,
): void {
  const { name, size, shapes } = data;
  const what = shapes['images']
    ? `pictures of ${shapes['images'].join('×')}`
    : `examples of ${Object.keys(shapes).join(', ')}`;
  const reason = threadsNote === undefined ? '' : ` (${threadsNote})`;
  const cores = threads ? `, ${threads} thread(s)${reason}` : '';
  host.note(`${size} ${what}: ${name}; ${device}${cores}`);
}

/** A number of threads changes no bit, so that a resumed run may have another. */
function onSameThreads(config: RunConfig, { settings: { threads } }: RunConfig): RunConfig {
  return { ...config, settings: { ...config.settings, threads } };
}
