import { expectNoLeak } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { sideBySide } from './side-by-side';

beforeAll(async () => void (await tf.setBackend('cpu')));

it('puts pictures next to each other', () => {
  tf.tidy(() => {
    const left = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
    const right = tf.tensor4d([5, 6, 7, 8], [1, 2, 2, 1]);
    const expected = tf.tensor4d([1, 2, 5, 6, 3, 4, 7, 8], [1, 2, 4, 1]);
    expect(sideBySide([left, right])).toBeAllclose(expected);
  });
});

it('repeats pixels of small ones, and makes gray ones color', () => {
  const small = tf.tensor4d([0.25], [1, 1, 1, 1]);
  const color = tf.tensor4d([1, 2, 3, 4, 5, 6], [1, 2, 1, 3]);
  tf.tidy(() => {
    const [first, second] = [
      [1, 2, 3],
      [4, 5, 6],
    ].map((pixel) => [0.25, 0.25, 0.25, ...pixel]);
    const expected = tf.tensor4d([...first!, ...second!], [1, 2, 2, 3]);
    expect(sideBySide([small, color])).toBeAllclose(expected);
  });
  expectNoLeak(() => sideBySide([small, color]));
  tf.dispose([small, color]);
});
