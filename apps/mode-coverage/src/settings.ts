import { UsageError } from '@ganloom/core';
import { defaultCache } from '@ganloom/datasets/node';
import { flagOf } from '@ganloom/cli';
import {
  backendSettings,
  choice,
  decaySetting,
  integer,
  number,
  type SettingsOf,
  text,
} from '@ganloom/recipes';
import type { Hyperparameters } from './hyperparameters';
import { methods } from './methods';
import { targets } from './targets';

const own = 'default: of target and method';

/** What `train` and `seed` are told of a training. */
export const coverageSettings = {
  target: choice('ring', 'what is learnt', Object.keys(targets)),
  method: choice('gan', 'which GAN learns it', Object.keys(methods)),
  steps: integer(undefined, `generator updates (${own})`),
  learningRate: number(undefined, `Adam's, for the generator (${own})`, { above: 0 }),
  discriminatorLearningRate: number(undefined, `the same for the discriminator (${own})`, {
    above: 0,
  }),
  decay: decaySetting(undefined, ` (${own})`),
  beta1: number(undefined, `Adam's beta 1 (${own})`, { min: 0, below: 1 }),
  beta2: number(undefined, `Adam's beta 2 (${own})`, { min: 0, below: 1 }),
  gamma: number(undefined, `weight of gradient penalties, for methods that have one (${own})`, {
    above: 0,
  }),
  gammaEnd: number(undefined, `what it has fallen to at the end (${own})`, { above: 0 }),
  penaltyEvery: integer(undefined, `steps from one penalty to the next (${own})`),
  packing: integer(undefined, `samples that the discriminator judges together (${own})`),
  filters: integer(undefined, 'width of the networks for stacked-mnist (default: of the target)'),
  cache: text(defaultCache(), 'where trained classifiers are kept', undefined, {
    hint: 'folder',
    free: true,
  }),
  batch: integer(undefined, `examples per step (${own})`),
  ema: number(undefined, `average of the generator, 0 for none (${own})`, { min: 0, below: 1 }),
  sampleEvery: integer(500, 'steps between frames'),
  logEvery: integer(100, 'steps between lines of metrics.jsonl'),
  checkpointEvery: integer(1000, 'steps between checkpoints'),
  ...backendSettings(),
} as const;

/** Which GAN is trained on what, and what computes, as far as it was said. */
type Given = SettingsOf<typeof coverageSettings>;

/** The same, whole. */
export type CoverageSettings = Given & Hyperparameters;

/** Which GAN is trained on what. */
type Chosen = Pick<Given, 'target' | 'method'> & {
  readonly [Name in keyof Hyperparameters]?: Hyperparameters[Name] | undefined;
};

/**
 * The settings, with the defaults of method and target where nothing was given.
 *
 * @throws UsageError if the method does not fit the target.
 */
export function withDefaults<S extends Chosen>(settings: S): S & Hyperparameters {
  const { target, method } = settings;
  if (methods[method]!.onlyPictures && !targets[target]!.pictures) {
    throw new UsageError(
      `--method ${method} changes pictures, but --target ${target} has points; choose another of them`,
    );
  }
  return { ...settings, ...defaultsOf(settings), ...defined(settings) };
}

function defaultsOf({ target, method, ...given }: Chosen): Hyperparameters {
  const { defaults } = targets[target]!;
  const all = { ...defaults, ...methods[method]!.defaults?.(defaults, defined(given)) };
  // As many judgements in a step as without packing, as in the PacGAN paper.
  return { ...all, batch: (given.packing ?? all.packing) * all.batch };
}

/** What is not undefined. */
function defined<T extends object>(values: T): Partial<Hyperparameters> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** Those of the settings that decide how a training goes. */
export function hyperparametersOf(settings: CoverageSettings): Hyperparameters {
  const { target, method } = settings;
  const names = Object.keys(defaultsOf({ target, method })) as (keyof Hyperparameters)[];
  return Object.fromEntries(
    names.map((name) => [name, settings[name]]),
  ) as unknown as Hyperparameters;
}

/**
 * The flags that make these settings of the defaults of target and method: each value that would be
 * another if only it were not given.
 */
export function flagsOf(of: Chosen, settings: Partial<Hyperparameters>): string[] {
  const given: Readonly<Record<string, unknown>> = { ...settings };
  return Object.keys(coverageSettings).flatMap((key) => {
    const name = key as keyof Hyperparameters;
    if (!(name in given)) return [];
    const value = given[name];
    const byDefault = defaultsOf({ ...of, ...settings, [name]: undefined })[name];
    return value === byDefault ? [] : [`${flagOf(name)} ${String(value)}`];
  });
}
