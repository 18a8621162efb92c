import { finiteDifference } from '@ganloom/test-tools';
import { checkTerm, termContext } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { cycleConsistency, identity } from './cycle-consistency';

beforeAll(() => tf.setBackend('cpu'));

const cases = [
  ['cycleConsistency', cycleConsistency, 10],
  ['identity', identity, 5],
] as const;

describe.each(cases)('%s', (where, make, weight) => {
  const term = make({ pairs: { a: 'a2', b: 'b2' } });
  const contextOf = (a2: tf.Tensor, b2: tf.Tensor) =>
    termContext<Readonly<Record<string, tf.Tensor>>>({
      real: { a: tf.tensor2d([1, 2, 3, 4], [2, 2]), b: tf.tensor1d([0, -1]) },
      fake: { a2, b2 },
    });

  it('adds the mean absolute errors of the pairs', () => {
    expect(term).toMatchObject({ player: 'generator', weight });
    tf.tidy(() => {
      const context = contextOf(tf.tensor2d([1, 0, 4, 4.5], [2, 2]), tf.tensor1d([2, -1]));
      // (0 + 2 + 1 + ½)/4 + (2 + 0)/2.
      expect(term.value(context)).toBeAllclose(tf.scalar(1.875));
    });
  });

  it('has the right gradient', () => {
    tf.tidy(() => {
      const at = [1.5, 0, 4, 4.5];
      const slope = tf.grad((a2: tf.Tensor) => term.value(contextOf(a2, tf.tensor1d([2, -1]))));
      const reference = (x: ArrayLike<number>) =>
        Array.from(x, (v, i) => Math.abs(v - (i + 1)) / 4).reduce((sum, v) => sum + v);
      expect(slope(tf.tensor2d(at, [2, 2]))).toBeAllclose(finiteDifference(reference, at));
    });
  });

  it('leaks nothing, and says what does not fit', () => {
    const context = tf.tidy(() => {
      const { real, fake } = contextOf(tf.ones([2, 2]), tf.ones([2]));
      return { real, fake };
    }) as unknown as ReturnType<typeof contextOf>;
    checkTerm(term, {
      real: context.real,
      // Off by half and more: away from the kinks.
      fake: { a2: tf.tensor2d([1.5, 0, 4, 4.5], [2, 2]), b2: tf.tensor1d([2, -2]) },
    });
    expect(() => make({ pairs: { b: 'a2' } }).value(context)).toThrow(
      `${where}: "a2" must have the shape [2] of "b", got [2,2]; pair members`,
    );
    expect(() => make({ pairs: { c: 'a2' } }).value(context)).toThrow('a tensor "c", got [a,b]');
    expect(() => make({ pairs: {} })).toThrow('pairs must name members');
    tf.dispose([context.real, context.fake]);
  });
});
