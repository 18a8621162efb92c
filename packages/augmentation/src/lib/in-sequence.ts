import { joinedStatistics, type NamedVariables } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import type { Augmentation } from './augmentation';

/** One augmentation after the other, each with chances of its own. */
export function inSequence(augmentations: readonly Augmentation[]): Augmentation {
  const all: Augmentation = (images, random) =>
    tf.tidy(() => augmentations.reduce((x, augment, i) => augment(x, random.fork(`${i}`)), images));
  const state: NamedVariables = Object.fromEntries(
    augmentations.flatMap((augmentation, i) =>
      Object.entries(augmentation.state ?? {}).map(([name, v]) => [`${i}-${name}`, v]),
    ),
  );
  const statistics = joinedStatistics(augmentations);
  const observers = augmentations.flatMap(({ observe }) => observe ?? []);
  return Object.assign(all, {
    ...(Object.keys(state).length > 0 && { state }),
    ...(statistics && { statistics }),
    ...(observers.length > 0 && {
      observe: (...said: Parameters<NonNullable<Augmentation['observe']>>) => {
        for (const observe of observers) observe(...said);
      },
    }),
  });
}
