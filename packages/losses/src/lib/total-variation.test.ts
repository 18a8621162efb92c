import { expectNoLeak, finiteDifference } from '@ganloom/test-tools';
import { termContext } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { totalVariation } from './total-variation';

beforeAll(() => tf.setBackend('cpu'));

// 2 rows of 3 pixels.
const PICTURE = [1, 2, 4, 0, 0.5, -1];
const valueOf = (fake: tf.Tensor) => totalVariation().value(termContext({ real: fake, fake }));

it('adds the means of the differences down and across', () => {
  tf.tidy(() => {
    // Down 1, 1.5, 5; across 1, 2, 0.5, 1.5.
    const expected = 7.5 / 3 + 5 / 4;
    expect(valueOf(tf.tensor(PICTURE, [1, 2, 3, 1]))).toBeAllclose(tf.scalar(expected));
    // Examples and channels do not mix.
    const twice = tf.tensor([...PICTURE, ...PICTURE.map((v) => v + 100)], [2, 2, 3, 1]);
    expect(valueOf(twice)).toBeAllclose([expected]);
    expect(valueOf(tf.concat([twice, tf.neg(twice)], 3))).toBeAllclose([expected]);
  });
});

it('has the right gradient', () => {
  tf.tidy(() => {
    const reference = (p: ArrayLike<number>) =>
      [0, 1, 2].reduce((sum, j) => sum + Math.abs(p[3 + j]! - p[j]!) / 3, 0) +
      [0, 1, 3, 4].reduce((sum, i) => sum + Math.abs(p[i + 1]! - p[i]!) / 4, 0);
    expect(tf.grad(valueOf)(tf.tensor(PICTURE, [1, 2, 3, 1]))).toBeAllclose(
      finiteDifference(reference, PICTURE),
    );
  });
});

it('finds the pictures of a record, leaks nothing, and says what does not fit', () => {
  const fake = { images: tf.tensor(PICTURE, [1, 2, 3, 1]), labels: tf.tensor1d([1], 'int32') };
  const context = termContext({ real: fake, fake });
  expectNoLeak(() => totalVariation().value(context));
  expect(() => totalVariation({ member: 'photos' }).value(context)).toThrow(
    'totalVariation: there must be a tensor "photos", got [images,labels]',
  );
  tf.dispose(fake);
  expect(() => tf.tidy(() => valueOf(tf.zeros([2, 1, 3, 1])))).toThrow('got [2,1,3,1]');
});
