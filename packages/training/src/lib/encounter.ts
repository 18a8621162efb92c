import {
  type Batch,
  type Critique,
  type Game,
  mapSample,
  type Origin,
  type RandomStream,
  type Sample,
  type TermContext,
} from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/** What a real and a fake batch meet. */
export interface Encounter<S extends Sample> {
  readonly game: Game<S>;
  readonly batch: Batch;
  readonly real: S;
  readonly fake: S;
  /** What `fake` is made from. */
  readonly origin: Origin;
  readonly random: RandomStream;
}

/** What is real in a batch and what is fake, as they meet by a stream. */
export function encounterOf<S extends Sample>(
  game: Game<S>,
  batch: Batch,
  random: RandomStream,
): Encounter<S> {
  const real = game.real(batch);
  // A fork by name begins anew each time, so that both draw the same.
  const origin = game.origin?.(batch, random.fork('fake'));
  const fake = game.fake(batch, random.fork('fake'), origin);
  return { game, batch, real, fake, origin: origin ?? {}, random };
}

/**
 * Evaluates what depends on critiques, which are made on first use and shared. They last until then,
 * in whichever `tidy` of a loss or a term they were made.
 *
 * `real` and `fake` of the context are leaves of this evaluation's own. In an unrolled step the
 * discriminator's weights depend on the encounter's samples by way of the updates before, and a gradient
 * with respect to those would follow that way too.
 */
export function meet<S extends Sample>(
  encounter: Encounter<S>,
  evaluate: (context: TermContext<S>) => tf.Scalar,
): tf.Scalar {
  const { game, batch, origin, random } = encounter;
  const [real, fake] = [leaf(encounter.real), leaf(encounter.fake)];
  const kept: tf.Tensor[] = [];
  const keep = (critique: Critique): Critique => {
    // Clones, as some of the outputs may be somebody else's tensors.
    const clones = Object.entries(critique).map(([name, output]) => [name, tf.clone(output)]);
    const own = Object.fromEntries(clones) as Critique;
    for (const output of Object.values(own)) kept.push(tf.keep(output));
    return own;
  };
  try {
    return evaluate({
      batch,
      random,
      real,
      fake,
      origin,
      generate: (other, chances) => game.fake(batch, chances, other),
      packDegree: game.packDegree ?? 1,
      critique: (sample, chances) => game.critique(sample, batch, chances),
      realCritique: once(() => keep(game.critique(real, batch, random.fork('real-critique')))),
      fakeCritique: once(() => keep(game.critique(fake, batch, random.fork('fake-critique')))),
    });
  } finally {
    // The tape has what the gradient needs.
    tf.dispose(kept);
  }
}

/** The same sample, as tensors on which nothing depends yet. */
function leaf<S extends Sample>(sample: S): S {
  return mapSample(sample, (tensor) => tf.clone(tensor));
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
