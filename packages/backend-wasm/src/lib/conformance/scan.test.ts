import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { BACKEND_NAME } from '../kernels/kernel';
import { Cases, check, checkGradient, checkValues, onEverySetting, type Plain, run } from './cases';

/** Running sums or products along one axis in float64. */
function running(
  { shape, values }: Plain,
  axis: number,
  { exclusive, reverse, product }: Record<'exclusive' | 'reverse' | 'product', boolean>,
): Float64Array {
  const length = shape[axis]!;
  const inner = tf.util.sizeFromShape(shape.slice(axis + 1));
  const y = new Float64Array(values.length);
  for (let column = 0; column < values.length / length; column++) {
    const start = Math.floor(column / inner) * length * inner + (column % inner);
    let total = product ? 1 : 0;
    for (let j = 0; j < length; j++) {
      const at = start + (reverse ? length - 1 - j : j) * inner;
      const next = product ? total * values[at]! : total + values[at]!;
      y[at] = exclusive ? total : next;
      total = next;
    }
  }
  return y;
}

onEverySetting(() => {
  it('softmax of rows', () => {
    const cases = new Cases(197);
    for (let i = 0; i < 80; i++) {
      const shape = cases.shape(cases.integer(1, 4), 9);
      if (i % 8 === 0) shape[shape.length - 1] = cases.integer(30, 300);
      check([cases.tensor(shape, -20, 20)], (x) => tf.softmax(x!), 1e-5, 1e-7);
    }
    check([cases.tensor([3000, 10])], (x) => tf.softmax(x!), 1e-5, 1e-7);
  });

  it('softmax of NaN, infinities and large values', () => {
    const cases = new Cases(199);
    for (let i = 0; i < 60; i++) {
      check([cases.special([4, cases.integer(1, 9)])], (x) => tf.softmax(x!), 1e-5, 1e-7);
    }
    const x: Plain = { shape: [2, 3], values: Float32Array.of(1e30, 1e30, 0, -1e30, -1e30, -1e30) };
    checkValues([x], (v) => tf.softmax(v!), [0.5, 0.5, 0, 1 / 3, 1 / 3, 1 / 3], 1e-6, 0);
  });

  it('softmax of nothing, and along another axis', () => {
    const empty: Plain = { shape: [0, 3], values: new Float32Array(0) };
    check([empty], (x) => tf.softmax(x!));
    expect(() => tf.softmax(tf.zeros([2, 3]), 0)).toThrow('last');
  });

  it('gradients of softmax and log-softmax', () => {
    const cases = new Cases(211);
    const logSoftmax = (x: ArrayLike<number>, n: number) =>
      Array.from(x, (v, i) => {
        const row = Array.from(x).slice(Math.floor(i / n) * n, Math.floor(i / n) * n + n);
        return v - Math.log(row.reduce((sum, w) => sum + Math.exp(w), 0));
      });
    for (const n of [1, 3, 4, 9]) {
      const x = cases.tensor([3, n]);
      checkGradient(x, tf.logSoftmax, (values) => logSoftmax(values, n));
      checkGradient(x, tf.softmax, (values) => logSoftmax(values, n).map(Math.exp));
    }
  });

  it('running sums and products along every axis', () => {
    const cases = new Cases(223);
    for (let i = 0; i < 100; i++) {
      const shape = cases.shape(cases.integer(1, 4), 7);
      const axis = cases.integer(0, shape.length - 1);
      const [exclusive, reverse] = [cases.next() < 0.5, cases.next() < 0.5];
      const x = cases.next() < 0.3 ? cases.special(shape) : cases.tensor(shape);
      for (const product of [false, true]) {
        checkValues(
          [x],
          (v) => (product ? tf.cumprod : tf.cumsum)(v!, axis, exclusive, reverse),
          Float32Array.from(running(x, axis, { exclusive, reverse, product })),
        );
      }
    }
    const long = cases.tensor([3, 500, 70], 0, 1);
    const options = { exclusive: false, reverse: true, product: false };
    checkValues([long], (v) => tf.cumsum(v!, 1, false, true), running(long, 1, options), 1e-5);
    const none: Plain = { shape: [2, 0], values: new Float32Array(0) };
    check([none], (v) => tf.cumsum(v!, 1));
  });

  it('leaves running sums of int32 to the stock kernel', () => {
    const x: Plain = { shape: [3], values: Int32Array.of(1e9, -2, 3), dtype: 'int32' };
    check([x], (v) => tf.cumsum(v!), 0, 0);
  });

  it('gradient of running sums', () => {
    const x = new Cases(227).tensor([3, 5]);
    for (const exclusive of [false, true]) {
      for (const reverse of [false, true]) {
        const options = { exclusive, reverse, product: false };
        checkGradient(
          x,
          (v) => tf.cumsum(v, 1, exclusive, reverse),
          (values) => running({ shape: x.shape, values: values as Float32Array }, 1, options),
        );
      }
    }
  });

  it('places of the largest and smallest', () => {
    const cases = new Cases(229);
    for (let i = 0; i < 100; i++) {
      const shape = cases.shape(cases.integer(1, 4), 8);
      const axis = cases.integer(0, shape.length - 1);
      const x = cases.next() < 0.4 ? cases.special(shape) : cases.tensor(shape);
      // Equal values: the first one counts.
      if (cases.next() < 0.5) x.values.forEach((v, j) => (x.values[j] = Math.round(v)));
      check([x], (v) => [tf.argMax(v!, axis), tf.argMin(v!, axis)], 0, 0);
    }
    check([cases.tensor([5000, 10])], (v) => tf.argMax(v!, 1), 0, 0);
    check([cases.tensor([3, 40, 70])], (v) => tf.argMin(v!, 1), 0, 0);
    const [y] = run(BACKEND_NAME, [{ shape: [0, 3], values: new Float32Array(0) }], (v) =>
      tf.argMax(v!, 1),
    );
    expect(y!.shape).toEqual([0]);
  });
});
