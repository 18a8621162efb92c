import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { BACKEND_NAME } from '../kernels/kernel';
import { Cases, check, checkValues, onEverySetting, type Op, type Plain, run } from './cases';

// Conversions between float32, int32 and bool, comparisons of int32, and logic.

const DTYPES = ['float32', 'int32', 'bool'] as const;

const special = [0, -0, 1, -1, 0.5, -0.5, 2.5, NaN, Infinity, -Infinity, 1e-40, -1e-40];
const large = [2147483520, -2147483520, 2 ** 31, -(2 ** 31), 2 ** 32, 5e9, -5e9, 1e20, 3e38];

function integers(cases: Cases, shape: number[], below = 4): Plain {
  const size = tf.util.sizeFromShape(shape);
  const values = Int32Array.from({ length: size }, () => cases.integer(-below, below));
  return { shape, values, dtype: 'int32' };
}

function booleans(cases: Cases, shape: number[]): Plain {
  const size = tf.util.sizeFromShape(shape);
  const values = Int32Array.from({ length: size }, () => cases.integer(0, 1));
  return { shape, values, dtype: 'bool' };
}

onEverySetting(() => {
  it('casts between all types', () => {
    const cases = new Cases(233);
    for (const size of [0, 1, 3, 4, 7, 33, 20_001]) {
      for (const x of [
        cases.tensor([size], -5, 5),
        // The stock kernel passes int32 on as float32 unrounded.
        integers(cases, [size], 2 ** 24),
        booleans(cases, [size]),
      ]) {
        check([x], (v) => DTYPES.map((dtype) => tf.cast(v!, dtype)), 0, 0);
      }
    }
    const values = Float32Array.from([...special, ...large]);
    check([{ shape: [values.length], values }], (v) => [v!.toInt(), v!.toBool()], 0, 0);
  });

  it('a bool tensor made int32 is one for every kernel', () => {
    const x: Plain = { shape: [2, 3], values: Int32Array.of(1, 0, 1, 1, 0, 0), dtype: 'bool' };
    const op: Op = (v) => {
      const cast = tf.cast(v!, 'int32');
      return [tf.transpose(cast), tf.slice(cast, [0, 1], [2, 2]), tf.equal(cast, 1)];
    };
    const [transposed, sliced, equal] = run(BACKEND_NAME, [x], op);
    expect([...transposed!.values]).toEqual([1, 1, 0, 0, 1, 0]);
    expect([...sliced!.values]).toEqual([0, 1, 0, 0]);
    expect([...equal!.values]).toEqual([1, 0, 1, 1, 0, 0]);
  });

  it('comparisons of int32, with broadcasting', () => {
    const ops = [tf.equal, tf.notEqual, tf.greater, tf.greaterEqual, tf.less, tf.lessEqual];
    const cases = new Cases(239);
    for (let i = 0; i < 40; i++) {
      const shape = cases.shape(cases.integer(0, 4), 6);
      const other = shape.map((size) => (cases.next() < 0.4 ? 1 : size));
      const pair = [integers(cases, shape), integers(cases, other)];
      check(pair, (a, b) => ops.map((op) => op(a!, b!)), 0, 0);
    }
    // Equal as float32, not as int32.
    const near: Plain[] = [16777216, 16777217].map((value) => ({
      shape: [],
      values: Int32Array.of(value),
      dtype: 'int32',
    }));
    check(near, (a, b) => ops.map((op) => op(a!, b!)), 0, 0);
  });

  it('logic', () => {
    const cases = new Cases(241);
    for (const shape of [[0], [1], [15], [16], [3, 7, 5], [40_001]]) {
      check([booleans(cases, shape), booleans(cases, shape)], (a, b) => [
        tf.logicalAnd(a!, b!),
        tf.logicalOr(a!, b!),
        tf.logicalNot(a!),
        tf.logicalXor(a!, b!),
      ]);
    }
    check([booleans(cases, [3, 4]), booleans(cases, [4])], (a, b) => tf.logicalAnd(a!, b!));
  });

  it('tests of numbers', () => {
    const cases = new Cases(251);
    for (const shape of [[0], [1], [5], [4, 9], [20_003]]) {
      check([cases.special(shape)], (x) => [tf.isNaN(x!), tf.isFinite(x!), tf.isInf(x!)], 0, 0);
    }
  });

  it('select of int32', () => {
    const cases = new Cases(257);
    for (const shape of [[1], [6], [3, 5]]) {
      check(
        [booleans(cases, shape), integers(cases, shape, 2e9), integers(cases, shape, 2e9)],
        (mask, a, b) => tf.where(mask!, a!, b!),
        0,
        0,
      );
    }
  });

  it('fills of int32', () => {
    check([], () => [tf.fill([5], -7, 'int32'), tf.fill([0], 3, 'int32')], 0, 0);
    check([integers(new Cases(1), [3, 3])], (x) => [tf.zerosLike(x!), tf.onesLike(x!)], 0, 0);
  });
});

/** erf in float64: the series of its integral, or the continued fraction of erfc. */
function erf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  const z = Math.abs(x);
  if (z > 6) return Math.sign(x);
  let term = z;
  let sum = z;
  for (let n = 1; n < 200; n++) {
    term *= (-z * z) / n;
    sum += term / (2 * n + 1);
  }
  return (Math.sign(x) * sum * 2) / Math.sqrt(Math.PI);
}

onEverySetting(() => {
  it('sine and cosine, also far out', () => {
    const cases = new Cases(263);
    for (const reach of [0.9, 7, 8000, 1e6, 1e30]) {
      const x = cases.tensor([101], -reach, reach);
      checkValues([x], (v) => tf.sin(v!), Array.from(x.values, Math.sin), 2e-6, 2e-7);
      checkValues([x], (v) => tf.cos(v!), Array.from(x.values, Math.cos), 2e-6, 2e-7);
    }
    const values = Float32Array.from(special);
    check([{ shape: [values.length], values }], (v) => [tf.sin(v!), tf.cos(v!)], 2e-7, 0);
  });

  it('the error function', () => {
    const cases = new Cases(269);
    const x = cases.tensor([301], -4, 4);
    checkValues([x], (v) => tf.erf(v!), Array.from(x.values, erf), 0, 2.5e-7);
    const tiny = Float32Array.of(1e-20, -1e-6, 0, NaN, Infinity, -Infinity);
    const [y] = run(BACKEND_NAME, [{ shape: [6], values: tiny }], (v) => tf.erf(v!));
    const expected = [1.1283792e-20, -1.1283792e-6, 0, NaN, 1, -1];
    expect(y!.values).toBeAllclose(expected, { rtol: 1e-6, atol: 0 });
  });

  it('rounding, halves to even', () => {
    const values = Float32Array.from([...special, 1.5, -1.5, 2.49, 8388609, 3e38]);
    check([{ shape: [values.length], values }], (v) => tf.round(v!), 0, 0);
  });

  it('powers, with broadcasting', () => {
    const cases = new Cases(271);
    for (const exponent of [2, 0.5, -1, 3, 0, 1 / 3]) {
      const x = cases.tensor([37], 0, 5);
      const b: Plain = { shape: [], values: Float32Array.of(exponent) };
      const expected = Array.from(x.values, (v) => v ** Math.fround(exponent));
      checkValues([x, b], (v, p) => tf.pow(v!, p!), expected, 3e-7, 1e-38);
    }
    for (let i = 0; i < 30; i++) {
      const shape = cases.shape(cases.integer(1, 3), 5);
      const other = shape.map((size) => (cases.next() < 0.4 ? 1 : size));
      check([cases.tensor(shape, 0.1, 4), cases.tensor(other)], (a, b) => tf.pow(a!, b!), 3e-7, 0);
    }
    const numbers = Float32Array.from([...special, 2, -2, 3]);
    const all: Plain = { shape: [numbers.length, 1], values: numbers };
    const row: Plain = { shape: [1, numbers.length], values: numbers };
    check([all, row], (a, b) => tf.pow(a!, b!), 3e-7, 1e-44);
  });

  it('products', () => {
    const cases = new Cases(277);
    for (let i = 0; i < 60; i++) {
      const shape = cases.shape(cases.integer(1, 4), 6);
      const axes = shape.map((_, d) => d).filter(() => cases.next() < 0.5);
      const x = cases.next() < 0.3 ? cases.special(shape) : cases.tensor(shape);
      const keep = cases.next() < 0.5;
      check([x], (v) => tf.prod(v!, axes, keep), 1e-5, 1e-6);
    }
    check([cases.tensor([3, 9000], 0.999, 1.001)], (v) => tf.prod(v!, 1), 1e-4);
  });
});
