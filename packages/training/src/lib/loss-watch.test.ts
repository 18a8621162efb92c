import { expectNoLeak } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it, vi } from 'vitest';
import { lossWatch } from './loss-watch';

beforeAll(() => tf.setBackend('cpu'));

// A lazy loss in every third step.
const namesAt = (step: number) => (step % 3 === 0 ? ['a', 'lazy', 'b'] : ['a', 'b']);
const watching = () => lossWatch(['a', 'lazy', 'b'], namesAt);

function note(watch: ReturnType<typeof watching>, step: number, a: number, b: number, lazy = 7) {
  const losses = { a: tf.scalar(a), b: tf.scalar(b), lazy: tf.scalar(lazy) };
  const { lazy: last, ...others } = losses;
  watch.note(step, namesAt(step).includes('lazy') ? losses : others);
  tf.dispose([others, last]);
}

it('reads the losses of the last step as long as all are finite', async () => {
  const watch = watching();
  for (let step = 11; step <= 12; step++) note(watch, step, step / 4, -step);
  expect(await watch.read()).toEqual({ step: 12, losses: { a: 3, lazy: 7, b: -12 } });
  note(watch, 13, 0.5, 3e38);
  expect(await watch.read()).toEqual({ step: 13, losses: { a: 0.5, b: Math.fround(3e38) } });
  watch.dispose();
});

it.each([NaN, Infinity, -Infinity])('keeps the first step with %d', async (value) => {
  const watch = watching();
  note(watch, 1, 1, 1);
  await watch.read();
  for (let step = 2; step <= 4; step++) note(watch, step, step, 1);
  note(watch, 5, 5, value);
  // What follows from it, and steps that look well again, come too late.
  note(watch, 6, NaN, NaN);
  note(watch, 7, 1, 1);
  expect(await watch.read()).toEqual({ step: 5, losses: { a: 5, b: value } });
  watch.dispose();
});

it('counts steps beyond those that float32 tells apart', async () => {
  const watch = watching();
  const far = 2 ** 24;
  note(watch, far, 1, 1);
  expect((await watch.read()).step).toBe(far);
  note(watch, far + 1, NaN, 1);
  note(watch, far + 2, 1, 1);
  expect((await watch.read()).step).toBe(far + 1);
  watch.dispose();
});

it('reads nothing back to note a step, and leaves no tensor over', () => {
  const watch = watching();
  note(watch, 1, 1, 1);
  const reads = ['data', 'dataSync'] as const;
  const spies = reads.map((name) => vi.spyOn(tf.Tensor.prototype, name));
  expectNoLeak(() => note(watch, 2, NaN, 1));
  expectNoLeak(() => note(watch, 3, 1, 1));
  for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  vi.restoreAllMocks();
  const before = tf.memory().numTensors;
  watch.dispose();
  expect(tf.memory().numTensors).toBe(before - 1);
});
