import { memoryStore, type Store } from '@ganloom/storage';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { newestCheckpoint } from './read-checkpoint';
import { writeCheckpoint } from './write-checkpoint';

beforeAll(() => tf.setBackend('cpu'));

/** A store whose program is killed behind so many calls: nothing is done after. */
function killedAfter(store: Store, calls: { left: number; made: number }): Store {
  const counted =
    <A extends unknown[], T>(call: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      if (calls.left-- <= 0) throw new Error('killed');
      calls.made++;
      return call(...args);
    };
  return {
    ...store,
    get: counted(store.get),
    put: counted(store.put),
    list: counted(store.list),
    remove: counted(store.remove),
    within: (prefix) => killedAfter(store.within(prefix), calls),
  };
}

async function write(run: Store, step: number, value: number, keep: number): Promise<void> {
  const tensors = { kernel: tf.tensor1d([step, value]) };
  const best = { metric: 'distance', better: 'smaller', value: step } as const;
  try {
    await writeCheckpoint(run, { step, seconds: 0 }, tensors, { keep, best });
  } finally {
    tensors.kernel.dispose();
  }
}

async function newest(run: Store): Promise<number[]> {
  const { kernel } = (await newestCheckpoint(run, () => undefined)).tensors();
  const values = [...(await kernel!.data())];
  kernel!.dispose();
  return values;
}

/** What is written over what, and what may be there at a kill. */
const cases: [string, [step: number, value: number][], [step: number, value: number]][] = [
  [
    'the next step',
    [
      [0, 1],
      [5, 1],
    ],
    [10, 1],
  ],
  [
    'the same step with the same weights',
    [
      [0, 1],
      [5, 1],
    ],
    [5, 1],
  ],
  [
    'the same step with other weights',
    [
      [0, 1],
      [5, 1],
    ],
    [5, 2],
  ],
  ['the only one with other weights', [[5, 1]], [5, 2]],
  [
    'a step before those of an earlier attempt',
    [
      [0, 1],
      [5, 1],
      [10, 1],
    ],
    [7, 1],
  ],
];

it.each(cases)('%s: a kill between any two calls leaves a whole one', async (_, before, now) => {
  for (const keep of [1, 2]) {
    for (let at = 0, last = false; !last; at++) {
      const run = memoryStore();
      for (const [step, value] of before) await write(run, step, value, 3);
      const calls = { left: at, made: 0 };
      last = await write(killedAfter(run, calls), ...now, keep).then(
        () => true,
        () => false,
      );
      const found = await newest(run);
      expect([...before, now]).toContainEqual(found);
      expect(last ? found : now).toEqual(now);
      expect(found[0]).toBeGreaterThanOrEqual(Math.min(before.at(-1)![0], now[0]));

      // The run goes on, and ends as one that was never killed.
      await write(run, 20, 3, keep);
      const steps = (await run.list('checkpoints')).map((name) => Number(name.slice(5)));
      expect(steps.at(-1)).toBe(20);
      expect(steps.length).toBeLessThanOrEqual(keep + 1);
      for (const step of await run.list('checkpoints')) {
        expect(await run.list(`checkpoints/${step}`)).toHaveLength(2);
      }
      expect(await newest(run)).toEqual([20, 3]);
    }
  }
});
