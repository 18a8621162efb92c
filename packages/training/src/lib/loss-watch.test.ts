import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it, vi } from 'vitest';
import { lossWatch } from './loss-watch';

beforeAll(() => tf.setBackend('cpu'));

// A lazy loss in every third step.
const namesAt = (step: number) => (step % 3 === 0 ? ['a', 'lazy', 'b'] : ['a', 'b']);
const watching = () => lossWatch(namesAt);

function note(watch: ReturnType<typeof watching>, step: number, a: number, b: number, lazy = 7) {
  const losses = { a: tf.scalar(a), b: tf.scalar(b) };
  watch.note(step, namesAt(step).includes('lazy') ? { ...losses, lazy: tf.scalar(lazy) } : losses);
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

it('knows the first of thousands of steps, of few tensors', async () => {
  const watch = watching();
  const before = tf.memory().numTensors;
  for (let step = 1; step <= 3000; step++) note(watch, step, step === 2345 ? NaN : step, 1);
  expect(tf.memory().numTensors - before).toBeLessThan(600);
  expect(await watch.read()).toEqual({ step: 2345, losses: { a: NaN, b: 1 } });
  expect(tf.memory().numTensors).toBe(before);
  note(watch, 3001, 1, 2);
  expect(await watch.read()).toEqual({ step: 3001, losses: { a: 1, b: 2 } });
});

it('reads nothing back and computes nothing to note a step, and leaves no tensor over', () => {
  const watch = watching();
  const before = tf.memory().numTensors;
  const a = tf.scalar(NaN);
  const b = tf.scalar(1);
  const spies = [
    vi.spyOn(tf.Tensor.prototype, 'data'),
    vi.spyOn(tf.Tensor.prototype, 'dataSync'),
    vi.spyOn(tf.engine(), 'runKernel'),
  ];
  watch.note(1, { a, b });
  for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  vi.restoreAllMocks();
  watch.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
