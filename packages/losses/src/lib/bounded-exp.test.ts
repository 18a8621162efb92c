import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { boundedExp } from './bounded-exp';

beforeAll(() => tf.setBackend('cpu'));

it('is the exponential and then its tangent', () => {
  const x = tf.tensor1d([-1e4, -1, 0, 3, 19.5, 22, 1e4]);
  const steepest = Math.exp(20);
  tf.tidy(() => {
    const expected = [0, Math.exp(-1), 1, Math.exp(3), Math.exp(19.5)];
    expect(boundedExp(x)).toBeAllclose([...expected, steepest * 3, steepest * 9981]);
    const slope = tf.grad((v) => tf.sum(boundedExp(v)));
    expect(slope(x)).toBeAllclose([...expected, steepest, steepest]);
  });
  expectNoLeak(() => boundedExp(x));
  x.dispose();
});
