import {
  ganloomError,
  type NamedVariables,
  type Optimizer,
  type Plan,
  type Player,
  type Sample,
  type Variant,
} from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import type { ExponentialMovingAverage } from './exponential-moving-average';
import { isStaged } from './plan';
import { variableOf } from './variables';

/** Tensors by names that stay the same from process to process. */
export type NamedTensors = Readonly<Record<string, tf.Tensor>>;

/**
 * Everything that the next step depends on, beside the seed, the data and the step's number: all
 * weights of the plan's networks (statistics of normalization among them), the averaged ones, and
 * what games, losses and terms, and the optimizers of this and later stages remember.
 */
export interface TrainingState {
  /** The state after `step` steps. The tensors stay where they are: read them, do not dispose them. */
  tensors(step: number): NamedTensors;
  /**
   * Takes over copies of what `tensors` of the same plan gave after `step` steps.
   *
   * @throws GanloomError if the tensors are of another plan; no network is changed then.
   */
  restore(step: number, tensors: NamedTensors): void;
}

/** The state of a plan, and of the average if there is one, for checkpoints. */
export function trainingState<S extends Sample>(
  plan: Plan<S>,
  ema?: ExponentialMovingAverage,
): TrainingState {
  const networks = networkVariables(plan);
  const averages = ema ? variablesOf(ema.models, 'ema') : {};
  const optimizers = namedOptimizers(plan);
  const named = { ...networks, ...averages, ...rememberedVariables(plan) };
  const optimizersAfter = (step: number) => optimizers.filter(({ end }) => end > step);

  return {
    tensors(step) {
      const all: Record<string, tf.Tensor> = { ...named };
      for (const { prefix, optimizer } of optimizersAfter(step)) {
        Object.assign(all, withPrefix(prefix, optimizer.slots(networks)));
      }
      return all;
    },

    restore(step, tensors) {
      const current = optimizersAfter(step);
      requireSame(named, tensors);
      requireKnown(
        Object.keys(tensors).filter((name) => !(name in named)),
        current.flatMap(({ prefix }) => Object.keys(withPrefix(prefix, networks))),
      );
      // First, because they may object to their slots.
      for (const { prefix, optimizer } of current) {
        optimizer.restore(networks, withoutPrefix(prefix, tensors));
      }
      tf.tidy(() => {
        for (const [name, variable] of Object.entries(named)) {
          // Multiplied by one, so that the variable has memory of its own.
          variable.assign(tensors[name]!.mul(tf.scalar(1, variable.dtype)));
        }
      });
    },
  };
}

interface NamedOptimizer {
  readonly prefix: string;
  readonly optimizer: Optimizer;
  /** Steps after which no stage uses it. */
  end: number;
}

function stagesOf<S extends Sample>(plan: Plan<S>) {
  return isStaged(plan) ? plan : [{ name: '', steps: Infinity, variant: plan }];
}

/** The variables of all networks. */
function networkVariables<S extends Sample>(plan: Plan<S>): NamedVariables {
  return variablesOfStages(plan, ({ game }) => ({
    ...variablesOf(game.generator.models, 'generator'),
    ...variablesOf(game.discriminator.models, 'discriminator'),
  }));
}

/** What games, losses and terms remember. */
function rememberedVariables<S extends Sample>(plan: Plan<S>): NamedVariables {
  return variablesOfStages(plan, ({ game, loss, terms = [] }) => ({
    ...withPrefix('game/', game.state ?? {}),
    ...withPrefix('loss/', loss?.state ?? {}),
    ...Object.assign(
      {},
      ...terms.map(({ player, name, state = {} }) => withPrefix(`term/${player}/${name}/`, state)),
    ),
  }));
}

/** Each variable once, however many stages or networks share it. */
function variablesOfStages<S extends Sample>(
  plan: Plan<S>,
  variablesIn: (variant: Variant<S>) => NamedVariables,
): NamedVariables {
  const all: Record<string, tf.Variable> = {};
  const seen = new Set<tf.Variable>();
  for (const { name: stage, variant } of stagesOf(plan)) {
    for (const [name, variable] of Object.entries(variablesIn(variant))) {
      if (seen.has(variable)) continue;
      seen.add(variable);
      // A later stage may have another network of the same name.
      all[name in all ? `${stage}/${name}` : name] = variable;
    }
  }
  return all;
}

function variablesOf(models: Player['models'], prefix: string): NamedVariables {
  const all: Record<string, tf.Variable> = {};
  for (const [name, model] of Object.entries(models)) {
    // Numbered, because the names of layers count what the process has made before.
    model.weights.forEach((weight, i) => {
      const ending = weight.originalName.split('/').at(-1);
      all[`${prefix}/${name}/${i}-${ending}`] = variableOf(weight);
    });
  }
  return all;
}

function namedOptimizers<S extends Sample>(plan: Plan<S>): NamedOptimizer[] {
  const all = new Map<Optimizer, NamedOptimizer>();
  let end = 0;
  for (const { name, steps, variant } of stagesOf(plan)) {
    end += steps;
    for (const [player, optimizer] of Object.entries(variant.optimizers)) {
      const prefix = ['optimizer', name, player, ''].filter((part, i) => part || i === 3).join('/');
      const found = all.get(optimizer) ?? { prefix, optimizer, end };
      found.end = end;
      all.set(optimizer, found);
    }
  }
  return [...all.values()];
}

const withPrefix = <T>(prefix: string, values: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));

function withoutPrefix(prefix: string, tensors: NamedTensors): NamedTensors {
  const own = Object.entries(tensors).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}

function requireSame(variables: NamedVariables, tensors: NamedTensors): void {
  for (const [name, { shape, dtype }] of Object.entries(variables)) {
    const tensor = tensors[name];
    const expected = `${dtype}[${shape.join(',')}]`;
    const received = tensor ? `${tensor.dtype}[${tensor.shape.join(',')}]` : 'nothing';
    if (received !== expected) {
      throw ganloomError('restore', `"${name}" must be ${expected}`, received, OTHER_PLAN);
    }
  }
}

/** What is left must be slots of variables: `<name>/<slot>`. */
function requireKnown(names: readonly string[], variables: readonly string[]): void {
  const known = new Set(variables);
  const stranger = names.find((name) => !known.has(name.slice(0, name.lastIndexOf('/'))));
  if (stranger !== undefined) {
    throw ganloomError('restore', 'all must be of the plan', stranger, OTHER_PLAN);
  }
}

const OTHER_PLAN = 'these are the tensors of other networks or settings';
