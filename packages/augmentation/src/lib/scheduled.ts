import { type Schedule, updateCount, usageError, valueAt } from '@ganloom/core';
import type { Augmentation } from './augmentation';

/**
 * An augmentation whose strength changes as training goes on:
 * `scheduled(linearDecay({ from: 0.5, updates: 10_000 }), (strength) => brightness({ strength }))`.
 *
 * The schedule is asked with the discriminator's updates made before, which `state.updates` counts, so
 * that a resumed run goes on where it was. Chances are those of the augmentation alone, so that two
 * schedules of one value change pictures alike.
 *
 * @param make the augmentation of a value; what it remembers must be one and the same for all values
 * @throws UsageError, when it augments too, if a value is none that `make` takes, or what `make` returns
 *   remembers something else than before.
 */
export function scheduled(schedule: Schedule, make: (value: number) => Augmentation): Augmentation {
  let value = valueAt(schedule, 0);
  let current = make(value);
  const { state: inner, statistics, observe } = current;
  const count = updateCount();
  const augment: Augmentation = (images, random) => {
    const wanted = valueAt(schedule, count.value());
    if (wanted !== value) {
      const next = make(wanted);
      if (next.state !== inner) {
        const expected = 'what an augmentation remembers must be the same for all values';
        const names = Object.keys(next.state ?? {});
        throw usageError('scheduled', expected, names, 'make it outside of the function');
      }
      [value, current] = [wanted, next];
    }
    return current(images, random);
  };
  const innerState = Object.entries(inner ?? {}).map(([name, v]) => [`inner-${name}`, v] as const);
  return Object.assign(augment, {
    state: { updates: count.variable, ...Object.fromEntries(innerState) },
    ...(statistics && { statistics }),
    observe: (...said: Parameters<NonNullable<Augmentation['observe']>>) => {
      count.increment();
      observe?.(...said);
    },
  });
}
