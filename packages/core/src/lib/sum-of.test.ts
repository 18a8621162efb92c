import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { GanloomError, UsageError } from './errors';
import { sumOf } from './sum-of';

it('adds any number of tensors', () => {
  for (const count of [1, 2, 8, 40]) {
    const terms = Array.from({ length: count }, (_, i) => tf.tensor([i, -2 * i]));
    const total = (count * (count - 1)) / 2;
    const sum = sumOf(terms);
    expect([...sum.dataSync()]).toEqual([total, total === 0 ? -0 : -2 * total]);
    tf.dispose([sum, terms]);
  }
});

it('leaves its terms, and nothing else', () => {
  const terms = [tf.tensor([1, 2]), tf.tensor([3, 4]), tf.tensor([5, 6])];
  expectNoLeak(() => sumOf(terms));
  expectNoLeak(() => sumOf(terms.slice(0, 1)));
  expect([...terms[0]!.dataSync()]).toEqual([1, 2]);
  tf.dispose(terms);
});

it('can be differentiated', () => {
  const x = tf.tensor([1, 2]);
  const slope = tf.grad((v) => tf.sum(sumOf([v, tf.mul(v, v), v])))(x);
  // d(2v + v²)/dv = 2 + 2v
  expect([...slope.dataSync()]).toEqual([4, 6]);
  tf.dispose([x, slope]);
});

it('needs a tensor', () => {
  expect(() => sumOf([])).toThrow(new UsageError('sumOf: there must be a tensor, got "none"'));
});

it('takes tensors of one shape', () => {
  const terms = [tf.tensor([1, 2]), tf.tensor([3, 4]), tf.scalar(5)];
  expect(() => sumOf(terms)).toThrow(
    new GanloomError('sumOf: tensors must have one shape, [2], got []'),
  );
  tf.dispose(terms);
});
