import { expectNoLeak } from '@ganloom/test-tools';
import { checkOptimizer } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { adam } from './adam';
import { clipGradients } from './clip-gradients';
import { sgd } from './sgd';

beforeAll(async () => void (await tf.setBackend('cpu')));

const optimizer = () => clipGradients(sgd({ learningRate: 1 }), { norm: 2.5 });

/** What is left of gradients of length 13: (3, 4) and 12. */
it.each([
  { factor: 1, scale: 2.5 / 13 },
  { factor: 0.2, scale: 2.5 / 13 / 0.2 },
  { factor: 0.1, scale: 1 },
  { factor: 0, scale: 1 },
])('bounds the length of all gradients together: $factor', ({ factor, scale }) => {
  const variables = [tf.variable(tf.zeros([2])), tf.variable(tf.scalar(0))];
  const gradients = [tf.tensor1d([3 * factor, 4 * factor]), tf.scalar(12 * factor)];
  expectNoLeak(() => optimizer().apply(variables, gradients));
  expect(variables[0]!).toBeAllclose([-3 * factor * scale, -4 * factor * scale]);
  expect(variables[1]!).toBeAllclose([-12 * factor * scale]);
  expect(gradients[1]!).toBeAllclose([12 * factor]);
  tf.dispose([variables, gradients]);
});

it('makes an optimizer', () =>
  checkOptimizer(() => clipGradients(adam({ learningRate: 0.1 }), { norm: 0.5 })));

it('hands the slots through, and says what it is', () => {
  const inner = sgd({ learningRate: 1, momentum: 0.5 });
  const clipped = clipGradients(inner, { norm: 1 });
  const variable = tf.variable(tf.scalar(0));
  clipped.apply([], []);
  clipped.apply([variable], [tf.scalar(4)]);
  expect(clipped.slots({ w: variable })['w/momentum']!).toBeAllclose([1]);
  clipped.restore({ w: variable }, { 'w/momentum': tf.scalar(7) });
  expect(inner.slots({ w: variable })['w/momentum']!).toBeAllclose([7]);
  expect(clipped.name).toBe('clip-gradients(sgd)');
  expect(clipped.settings).toEqual({ learningRate: 1, momentum: 0.5, gradientNorm: 1 });
  const before = tf.memory().numTensors;
  clipped.dispose();
  // The momentum, and the count of updates that `slots` made a tensor of.
  expect(tf.memory().numTensors).toBe(before - 2);
  expect(() => clipGradients(inner, { norm: 0 })).toThrow(
    'clipGradients: norm must be a number above 0, got 0',
  );
});
