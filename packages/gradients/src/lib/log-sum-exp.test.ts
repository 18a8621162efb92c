import { registerWasmBackend } from '@ganloom/backend-wasm';
import '@ganloom/test-tools';
import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installGradients } from './install-gradients';

registerWasmBackend();

const rows: readonly (readonly [number[], number])[] = [
  [[Infinity, 0], Infinity],
  [[-Infinity, -Infinity], -Infinity],
  [[Infinity, -Infinity], Infinity],
  [[-Infinity, 3], 3],
  [[NaN, Infinity], NaN],
  [[-Infinity, NaN], NaN],
  [[1000, 1000], 1000 + Math.LN2],
];

describe.each(['cpu', 'ganloom-wasm'])('on %s', (backend) => {
  beforeAll(async () => {
    installGradients();
    await tf.setBackend(backend);
  });

  it.each(rows)('of %j is %d, with and without a tape', (row, expected) => {
    const x = tf.tensor2d([row, row]);
    let taped: tf.Tensor | undefined;
    tf.grad((v) => (taped = tf.keep(tf.logSumExp(v, 1, true))))(x).dispose();
    const untaped = tf.logSumExp(x, 1, true);
    for (const y of [taped!, untaped]) {
      expect(y.shape).toEqual([2, 1]);
      expect(y).toBeAllclose([expected, expected]);
    }
    tf.dispose([taped!, untaped]);
    expectNoLeak(() => tf.logSumExp(x));
    expectNoLeak(() => tf.grad((v) => tf.logSumExp(v))(x));
    x.dispose();
  });

  it('has the softmax as its gradient, of which −∞ has nothing', () => {
    const x = tf.tensor1d([-Infinity, 0, Math.log(3)]);
    const gradient = tf.grad((v) => tf.logSumExp(v))(x);
    expect(gradient).toBeAllclose([0, 0.25, 0.75]);
    tf.dispose([x, gradient]);
  });

  it('leaves other maxima alone', () => {
    const x = tf.tensor1d([Infinity, 0]);
    expect(tf.max(x)).toBeAllclose([Infinity]);
  });
});
