import {
  type Batch,
  type Critique,
  type Game,
  mapSample,
  type RandomStream,
  type Sample,
  type Term,
  type TermContext,
  valueAt,
} from '@ganloom/core';
import { variableGradients } from '@ganloom/gradients';
import * as tf from '@tensorflow/tfjs';
import { trainableVariables } from './variables';

/** Scalars of a step. Keeps them until disposed. */
export interface Meter {
  losses: Record<string, tf.Scalar>;
  /** Only where someone wants to read them, because they are computed for it. */
  readonly statistics?: Record<string, tf.Scalar>;
}

/** What a real and a fake batch meet. */
export interface Encounter<B extends Batch, S extends Sample> {
  readonly game: Game<B, S>;
  readonly batch: B;
  readonly real: S;
  readonly fake: S;
  readonly random: RandomStream;
}

/**
 * Evaluates what depends on critiques, which are made on first use and shared. They last until then,
 * in whichever `tidy` of a loss or a term they were made.
 *
 * `real` and `fake` of the context are leaves of this evaluation's own. In an unrolled step the
 * discriminator's weights depend on the encounter's samples by way of the updates before, and a gradient
 * with respect to those would follow that way too.
 */
export function meet<B extends Batch, S extends Sample>(
  encounter: Encounter<B, S>,
  evaluate: (context: TermContext<B, S>) => tf.Scalar,
): tf.Scalar {
  const { game, batch, random } = encounter;
  const [real, fake] = [leaf(encounter.real), leaf(encounter.fake)];
  const kept: tf.Tensor[] = [];
  const keep = (critique: Critique): Critique => {
    // Clones, as some of the outputs may be somebody else's tensors.
    const clones = Object.entries(critique).map(([name, output]) => [name, tf.clone(output)]);
    const own = Object.fromEntries(clones) as Critique;
    for (const output of Object.values(own)) kept.push(tf.keep(output));
    return own;
  };
  const value = evaluate({
    ...encounter,
    real,
    fake,
    realCritique: once(() => keep(game.critique(real, batch, random.fork('real-critique')))),
    fakeCritique: once(() => keep(game.critique(fake, batch, random.fork('fake-critique')))),
  });
  // The tape has what the gradient needs.
  tf.dispose(kept);
  return value;
}

/** The adversarial loss of `player`, if there is one, plus those of its terms whose turn it is. */
export function objective<B extends Batch, S extends Sample>(
  player: Term['player'],
  adversarial: tf.Scalar | undefined,
  terms: readonly Term<B, S>[],
  context: TermContext<B, S>,
  step: number,
  meter: Meter | undefined,
): tf.Scalar {
  if (meter && adversarial) meter.losses[player] = tf.keep(adversarial);
  let total = adversarial ?? tf.scalar(0);
  for (const { name, player: owner, weight, every = 1, value } of terms) {
    if (owner !== player || step % every !== 0) continue;
    const term = value({ ...context, random: context.random.fork(`term-${name}`) });
    if (meter) meter.losses[`${player}/${name}`] = tf.keep(term);
    total = tf.add(total, tf.mul(term, every * valueAt(weight, step - 1)));
  }
  return total;
}

/** What a side is about to learn: `gradients[i]` belongs to `variables[i]`. A type that `tidy` may return. */
export type Descent = { readonly variables: tf.Variable[]; readonly gradients: tf.Tensor[] };

/** The gradient of `loss` with respect to the variables of a side, which stay as they are. */
export function descentOf<B extends Batch, S extends Sample>(
  side: Term['player'],
  game: Game<B, S>,
  meter: Meter | undefined,
  loss: () => tf.Scalar,
): Descent {
  const all = trainableVariables(game[side]);
  const { grads } = variableGradients(loss, all);
  // A variable that this step's loss does not reach has no gradient, and stays as it is.
  const variables = all.filter(({ name }) => grads[name] !== undefined);
  const gradients = variables.map(({ name }) => grads[name]!);
  if (meter?.statistics) meter.statistics[`${side}GradientNorm`] = tf.keep(norm(gradients));
  return { variables, gradients };
}

/** √ Σ g², over all elements of all tensors. */
function norm(tensors: readonly tf.Tensor[]): tf.Scalar {
  const squares = tensors.map((tensor) => tf.sum<tf.Scalar>(tf.square(tensor)));
  return squares.length === 0 ? tf.scalar(0) : tf.sqrt(tf.addN(squares));
}

/** The same sample, as tensors on which nothing depends yet. */
function leaf<S extends Sample>(sample: S): S {
  return mapSample(sample, (tensor) => tf.clone(tensor));
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
