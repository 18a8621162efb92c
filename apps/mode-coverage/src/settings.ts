import { backendNames } from '@ganloom/backends';
import { UsageError } from '@ganloom/core';
import { backendOptions, choice, decayOption, integer, number, text } from '@ganloom/cli';
import { defaultCache } from '@ganloom/datasets/node';
import type { Option } from 'commander';
import type { Hyperparameters } from './hyperparameters';
import { methods } from './methods';
import { targets } from './targets';

/** Which GAN is trained on what, and what computes. */
export interface CommonSettings extends Hyperparameters {
  readonly target: string;
  readonly method: string;
  readonly cache: string;
  readonly backend: string;
  readonly threads?: number;
}

const own = 'default: of target and method';

/** What `train` and `seed` are told of a training. */
export const commonOptions: readonly Option[] = [
  choice('--target <name>', 'what is learnt', Object.keys(targets), 'ring'),
  choice('--method <name>', 'which GAN learns it', Object.keys(methods), 'gan'),
  integer('--steps <n>', `generator updates (${own})`),
  number('--learning-rate <x>', `Adam's, for the generator (${own})`, undefined, { above: 0 }),
  number(
    '--discriminator-learning-rate <x>',
    `the same for the discriminator (${own})`,
    undefined,
    {
      above: 0,
    },
  ),
  decayOption(undefined, ` (${own})`),
  number('--beta1 <x>', `Adam's beta 1 (${own})`, undefined, { min: 0, below: 1 }),
  number('--beta2 <x>', `Adam's beta 2 (${own})`, undefined, { min: 0, below: 1 }),
  number(
    '--gamma <x>',
    `weight of gradient penalties, for methods that have one (${own})`,
    undefined,
    {
      above: 0,
    },
  ),
  number('--gamma-end <x>', `what it has fallen to at the end (${own})`, undefined, { above: 0 }),
  integer('--penalty-every <n>', `steps from one penalty to the next (${own})`),
  integer('--packing <n>', `samples that the discriminator judges together (${own})`),
  integer('--filters <n>', 'width of the networks for stacked-mnist (default: of the target)'),
  text('--cache <folder>', 'where trained classifiers are kept', defaultCache()),
  integer('--batch <n>', `examples per step (${own})`),
  number('--ema <decay>', `average of the generator, 0 for none (${own})`, undefined, {
    min: 0,
    below: 1,
  }),
  integer('--sample-every <n>', 'steps between frames', 500),
  integer('--log-every <n>', 'steps between lines of metrics.jsonl', 100),
  integer('--checkpoint-every <n>', 'steps between checkpoints', 1000),
  ...backendOptions(backendNames),
];

/** Which GAN is trained on what. */
type Chosen = Pick<CommonSettings, 'target' | 'method'> & Partial<Hyperparameters>;

/**
 * The settings, with the defaults of method and target where nothing was given.
 *
 * @throws UsageError if the method does not fit the target.
 */
export function withDefaults<S extends Partial<Hyperparameters>>(
  settings: S & Chosen,
): S & Hyperparameters {
  const { target, method } = settings;
  if (methods[method]!.onlyPictures && !targets[target]!.pictures) {
    throw new UsageError(
      `--method ${method} changes pictures, but --target ${target} has points; choose another of them`,
    );
  }
  const given = Object.fromEntries(Object.entries(settings).filter(([, v]) => v !== undefined));
  return { ...defaultsOf(settings), ...given } as S & Hyperparameters;
}

function defaultsOf({ target, method, ...given }: Chosen): Hyperparameters {
  const { defaults } = targets[target]!;
  const own = { ...defaults, ...methods[method]!.defaults?.(defaults, given) };
  // As many judgements in a step as without packing, as in the PacGAN paper.
  return { ...own, batch: (given.packing ?? own.packing) * own.batch };
}

/** Those of the settings that decide how a training goes. */
export function hyperparametersOf(settings: CommonSettings): Hyperparameters {
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
  return commonOptions.flatMap((option) => {
    const name = option.attributeName() as keyof Hyperparameters;
    if (!(name in given)) return [];
    const value = given[name];
    const byDefault = defaultsOf({ ...of, ...settings, [name]: undefined })[name];
    return value === byDefault ? [] : [`${option.long} ${String(value)}`];
  });
}
