import {
  type Dataset,
  type Optimizer,
  type Plan,
  RandomStream,
  type Sample,
  UsageError,
  type Variant,
} from '@ganloom/core';
import type * as tf from '@tensorflow/tfjs';
import type { TrainOptions } from './train';

/** Functions without which something is not what it is given for. */
type Members = readonly string[];

const OPTIMIZER: Members = ['apply', 'slots', 'restore'];
const LOSS: Members = ['discriminator', 'generator'];
const TERM: Members = ['value'];
const GAME: Members = ['real', 'fake', 'critique'];

/**
 * Checks what no type keeps plain JavaScript from: what `train` is given is what it takes.
 *
 * @throws UsageError that says where, what was expected, what came and what to do.
 */
export function requireArguments<S extends Sample>(
  plan: Plan<S>,
  data: Dataset,
  { random, ema }: TrainOptions,
): void {
  if (!(random instanceof RandomStream) && typeof (random as RandomStream)?.fork !== 'function') {
    const remedy =
      typeof random === 'number' ? `take RandomStream.fromSeed(${String(random)})` : undefined;
    throw refused('train', 'random must be a RandomStream', shown(random), remedy);
  }
  if (typeof (data as Dataset | undefined)?.batch !== 'function') {
    const remedy = isPromise(data) ? 'await it' : 'take one of @ganloom/datasets';
    throw refused('train', 'data must be a Dataset', shown(data), remedy);
  }
  if (ema !== undefined && typeof ema.update !== 'function') {
    const remedy = isPromise(ema) ? 'await it' : 'take exponentialMovingAverage(…)';
    throw refused('train', 'ema must be an average', shown(ema), remedy);
  }
  if (isPromise(plan))
    throw refused('train', 'a plan is a variant or a list of stages', shown(plan), 'await it');
}

/** The same of one variant. @throws UsageError. */
export function requireParts<S extends Sample>(variant: Variant<S>): void {
  if (typeof variant !== 'object' || variant === null) {
    throw refused('train', 'a plan is a variant or a list of stages', shown(variant));
  }
  const { name, game, loss, terms = [], optimizers } = variant;
  const where = `train, variant "${name}"`;
  requireMembers(where, 'game', game, GAME, 'latentGame(…)');
  if (loss !== undefined) requireMembers(where, 'loss', loss, LOSS, 'hinge()');
  if (!Array.isArray(terms)) {
    const remedy = 'put it into brackets: terms: [r1()]';
    throw refused(where, 'terms must be a list', shown(terms), remedy);
  }
  for (const [i, term] of terms.entries()) {
    requireMembers(where, `terms[${i}]`, term, TERM, 'r1()');
    if (term.player === 'generator' || term.player === 'discriminator') continue;
    const expected = `terms[${i}].player must be "generator" or "discriminator"`;
    throw refused(where, expected, shown(term.player));
  }
  for (const [side, optimizer] of Object.entries(optimizers ?? {})) {
    requireOptimizer(where, side, optimizer);
  }
  if (!optimizers?.generator) {
    throw refused(where, 'optimizers.generator must be there', 'none', 'take adam()');
  }
  if (loss !== undefined) requireLogits(where, variant);
}

function requireOptimizer(where: string, side: string, optimizer: Optimizer): void {
  const isStock = typeof (optimizer as { applyGradients?: unknown })?.applyGradients === 'function';
  if (isStock) {
    throw refused(
      where,
      `optimizers.${side} must be an optimizer of @ganloom/optimizers`,
      'one of tf.train',
      'take adam(): its state can be saved, and its updates unrolled',
    );
  }
  requireMembers(where, `optimizers.${side}`, optimizer, OPTIMIZER, 'adam()');
}

function requireMembers(
  where: string,
  what: string,
  value: unknown,
  members: Members,
  example: string,
): void {
  // Every function has an `apply`.
  const parts = typeof value === 'function' ? {} : (value as Record<string, unknown> | null);
  const lacking = members.find((member) => typeof parts?.[member] !== 'function');
  if (lacking === undefined) return;
  const remedy = typeof value === 'function' ? `call it: ${example}` : `take ${example}`;
  throw refused(where, `${what} must have a function "${lacking}"`, shown(value), remedy);
}

/**
 * Losses here take logits. Tutorials have a sigmoid at the end of the discriminator: with it there is no
 * error, and nothing is learnt as it should be.
 */
function requireLogits<S extends Sample>(where: string, { game }: Variant<S>): void {
  for (const [name, model] of Object.entries(game.discriminator.models)) {
    const output = model.outputs?.[0];
    if (!output || !endsInSigmoid(output)) continue;
    throw new UsageError(
      `${where}: the discriminator "${name}" must end in a logit, got the probability of a sigmoid in ` +
        `its layer "${output.sourceLayer.name}"; leave the activation out: losses have it in them`,
    );
  }
}

function endsInSigmoid({ sourceLayer }: tf.SymbolicTensor): boolean {
  return sourceLayer.getConfig()['activation'] === 'sigmoid';
}

const isPromise = (value: unknown): boolean =>
  typeof (value as Promise<unknown> | undefined)?.then === 'function';

/** A few words that say what something is. */
function shown(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value === 'function') return `the function ${value.name || 'without a name'}`;
  if (isPromise(value)) return 'a promise';
  if (typeof value !== 'object') return JSON.stringify(value);
  const { name } = value as { name?: unknown };
  const kind = value.constructor?.name ?? 'object';
  return `${kind === 'Object' ? 'an object' : `a ${kind}`}${typeof name === 'string' ? ` "${name}"` : ''}`;
}

function refused(where: string, expected: string, received: string, remedy?: string): UsageError {
  return new UsageError(`${where}: ${expected}, got ${received}${remedy ? `; ${remedy}` : ''}`);
}
