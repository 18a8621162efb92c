import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { BACKEND_NAME } from '../kernels/kernel';
import { Cases, checkValues, onEverySetting, type Op, type Plain, run } from './cases';

const fused =
  (axes: number[]): Op =>
  (x, y, dy) =>
    tf.engine().runKernel('ExtremumGrad', { x: x!, y: y!, dy: dy! }, { axes }) as tf.Tensor;

/** The same in operations that every backend has. */
const composed =
  (axes: number[]): Op =>
  (x, y, dy) => {
    const kept = x!.shape.map((size, d) => (axes.includes(d) ? 1 : size));
    const chosen = tf.cast(tf.equal(x!, tf.reshape(y!, kept)), 'float32');
    return tf.mul(tf.div(tf.reshape(dy!, kept), tf.sum(chosen, axes, true)), chosen);
  };

onEverySetting(() => {
  it('shares the gradient of maxima and minima out to equals', () => {
    const cases = new Cases(31);
    for (let n = 0; n < 200; n++) {
      const rank = cases.integer(1, 4);
      const shape = Array.from({ length: rank }, () => cases.integer(1, n % 20 === 0 ? 40 : 9));
      const some = shape.map((_, d) => d).filter(() => cases.next() < 0.5);
      const axes = some.length > 0 ? some : [cases.integer(0, rank - 1)];
      // Of few different values, so that there are equals.
      const x = cases.grid(shape, 'float32', -1, 1);
      const extremum: Op = (t) => (n % 2 ? tf.min(t!, axes) : tf.max(t!, axes));
      const y = run('cpu', [x], extremum)[0]! as Plain;
      const inputs = [x, y, cases.tensor(y.shape)];
      const expected = run('cpu', inputs, composed(axes))[0]!.values;
      checkValues(inputs, fused(axes), expected, 1e-6, 0);
    }
  });

  it('is not finite where the extremum is NaN', () => {
    // Over the middle of [2, 3, 5], four elements at once and one alone.
    const x = { shape: [2, 3, 5], values: new Float32Array(30).fill(1) };
    const y = { shape: [2, 5], values: new Float32Array(10).fill(1) };
    const dy = { shape: [2, 5], values: new Float32Array(10).fill(6) };
    for (const at of [1, 9]) y.values[at] = NaN;
    const [dx] = run(BACKEND_NAME, [x, y, dy], fused([1]));
    const isFinite = [...dx!.values].map((v) => Number.isFinite(v));
    const column = (i: number) => 5 * Math.floor(i / 15) + (i % 5);
    expect(isFinite).toEqual(isFinite.map((_, i) => ![1, 9].includes(column(i))));
    expect(new Set(dx!.values)).toEqual(new Set([2, Infinity]));
  });

  it('gives nothing for nothing', () => {
    const empty = (shape: number[]) => ({ shape, values: new Float32Array(0) });
    checkValues([empty([0, 3]), empty([0]), empty([0])], fused([1]), []);
  });
});
