import {
  type Game,
  ganloomError,
  joinedStatistics,
  type NamedVariables,
  type Sample,
  UsageError,
} from '@ganloom/core';
import type { Augmentation } from '@ganloom/augmentation';
import * as tf from '@tensorflow/tfjs';

/** Settings of {@link augmented}. */
export interface AugmentedOptions {
  /**
   * Which tensors of a sample that has several by name; default `['images']`. They get the same
   * changes, so that pairs stay pairs.
   */
  readonly names?: readonly string[];
}

/**
 * A game whose discriminator sees everything augmented, real and fake, in its own steps and in the
 * generator's: D(T(x)) and D(T(G(z))).
 *
 * @throws UsageError if the game is augmented already by something with a state; GanloomError at a
 *   sample without a tensor of the given names.
 */
export function augmented<S extends Sample>(
  game: Game<S>,
  augmentation: Augmentation,
  { names = ['images'] }: AugmentedOptions = {},
): Game<S> {
  const state = mergedState(game.state, augmentation.state);
  const statistics = joinedStatistics([game, augmentation]);
  const observers = [game.observe?.bind(game), augmentation.observe].filter((o) => o !== undefined);
  return {
    ...game,
    name: `augmented(${game.name})`,
    ...(state && { state }),
    ...(statistics && { statistics }),
    ...(observers.length > 0 && {
      observe(real, fake) {
        for (const observe of observers) observe(real, fake);
      },
    }),
    critique: (sample, batch, random) =>
      tf.tidy(() => {
        // A fork by name begins anew each time, so the same chances for all.
        const change = (x: tf.Tensor) => augmentation(x, random.fork('augmentation'));
        return game.critique(changed(sample, names, change), batch, random);
      }),
  };
}

function changed<S extends Sample>(
  sample: S,
  names: readonly string[],
  change: (x: tf.Tensor) => tf.Tensor,
): S {
  if (sample instanceof tf.Tensor) return change(sample) as S & tf.Tensor;
  const all = sample as Readonly<Record<string, tf.Tensor>>;
  const missing = names.find((name) => !(name in all));
  if (missing !== undefined) {
    const expected = `a sample must have "${missing}"`;
    throw ganloomError('augmented', expected, Object.keys(all), 'name its pictures in `names`');
  }
  return { ...all, ...Object.fromEntries(names.map((name) => [name, change(all[name]!)])) } as S;
}

function mergedState(
  game: NamedVariables | undefined,
  augmentation: NamedVariables | undefined,
): NamedVariables | undefined {
  if (!augmentation) return game;
  const merged: Record<string, tf.Variable> = { ...game };
  for (const [name, variable] of Object.entries(augmentation)) {
    const full = `augmentation-${name}`;
    if (full in merged) {
      const remedy = 'put the augmentations in one `inSequence`';
      throw new UsageError(`augmented: the game must not have "${full}" already; ${remedy}`);
    }
    merged[full] = variable;
  }
  return merged;
}
