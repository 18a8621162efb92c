import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { kernelConfig } from './kernel-config';
import { updateInPlace } from './update-in-place';

beforeAll(async () => void (await tf.setBackend('cpu')));

let calls: number;

beforeEach(() => {
  calls = 0;
  tf.registerKernel(
    kernelConfig('LerpStep', 'cpu', ({ inputs, attrs, backend }) => {
      const [target, source] = [inputs.target, inputs.source].map(
        ({ dataId }) => backend.readSync(dataId) as Float32Array,
      );
      target!.forEach((value, i) => (target![i] = value + attrs.amount * (source![i]! - value)));
      calls++;
      return [];
    }),
  );
});

afterEach(() => {
  if (tf.getKernel('LerpStep', 'cpu')) tf.unregisterKernel('LerpStep', 'cpu');
});

const step = (target: tf.Variable, source: tf.Tensor) =>
  updateInPlace('LerpStep', { target }, { source }, { amount: 0.25 });

it('writes into the variable', () => {
  expectNoLeak(() => {
    const [target, source] = [tf.tidy(() => tf.variable(tf.tensor1d([8, 0]))), tf.tensor1d([0, 4])];
    const { dataId } = target;
    expect(step(target, source)).toBe(true);
    expect(target.dataId).toBe(dataId);
    expect(target).toBeAllclose([6, 1]);
    expect(source).toBeAllclose([0, 4]);
    return [target, source];
  });
});

it('leaves alone what shares the memory of the variable', () => {
  expectNoLeak(() => {
    const [first, source] = [tf.tensor1d([8, -0]), tf.tensor1d([0, 4])];
    const target = tf.variable(first);
    const clone = target.clone();
    expect(step(target, source)).toBe(true);
    expect(target).toBeAllclose([6, 1]);
    expect([...first.dataSync(), ...clone.dataSync()]).toEqual([8, -0, 8, -0]);
    return [first, target, source, clone];
  });
});

it.each<[string, () => tf.Tensor, () => tf.Tensor]>([
  ['another shape', () => tf.zeros([2]), () => tf.zeros([3])],
  ['another type', () => tf.zeros([2]), () => tf.zeros([2], 'int32')],
  ['no floats', () => tf.zeros([2], 'int32'), () => tf.zeros([2], 'int32')],
])('does not run for %s', (_, ofTarget, ofSource) => {
  const [first, source] = [ofTarget(), ofSource()];
  const target = tf.variable(first);
  expect(step(target, source)).toBe(false);
  expect(calls).toBe(0);
  tf.dispose([first, target, source]);
});

it('does not run on a backend without the kernel', () => {
  tf.unregisterKernel('LerpStep', 'cpu');
  const [first, source] = [tf.zeros([2]), tf.ones([2])];
  const target = tf.variable(first);
  expect(step(target, source)).toBe(false);
  expect(target).toBeAllclose([0, 0]);
  tf.dispose([first, target, source]);
});
