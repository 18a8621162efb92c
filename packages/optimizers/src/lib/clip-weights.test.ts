import { expectNoLeak } from '@ganloom/test-tools';
import { checkOptimizer } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { adam } from './adam';
import { clipWeights } from './clip-weights';
import { sgd } from './sgd';

beforeAll(async () => void (await tf.setBackend('cpu')));

it('clips what it has updated, and nothing else', () => {
  const optimizer = clipWeights(sgd({ learningRate: 1 }), { limit: 0.5 });
  const [updated, other] = [tf.variable(tf.tensor1d([0, 0, 3, 0])), tf.variable(tf.scalar(9))];
  const gradient = tf.tensor1d([0.25, -2, 0, 2]);
  expectNoLeak(() => optimizer.apply([updated], [gradient]));
  expect(updated).toBeAllclose([-0.25, 0.5, 0.5, -0.5]);
  expect(other).toBeAllclose([9]);
  tf.dispose([updated, other, gradient]);
});

it('makes an optimizer', () =>
  checkOptimizer(() => clipWeights(adam({ learningRate: 0.01 }), { limit: 1.01 })));

it('says what it is, and what it cannot take', () => {
  const optimizer = clipWeights(sgd({ learningRate: 1 }));
  expect(optimizer.name).toBe('clip-weights(sgd)');
  expect(optimizer.settings).toEqual({ learningRate: 1, momentum: 0, weightLimit: 0.01 });
  expect(() => clipWeights(optimizer, { limit: NaN })).toThrow(
    'clipWeights: limit must be a number above 0, got NaN',
  );
});
