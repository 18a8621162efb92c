import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { BACKEND_NAME } from '../kernels/kernel';
import { Cases, check, checkGradient, checkValues, onEverySetting, type Plain, run } from './cases';

function indices(cases: Cases, shape: number[], below: number): Plain {
  const size = tf.util.sizeFromShape(shape);
  const values = Int32Array.from({ length: size }, () => cases.integer(0, below - 1));
  return { shape, values, dtype: 'int32' };
}

onEverySetting(() => {
  it('gather along every axis', () => {
    const cases = new Cases(173);
    for (let i = 0; i < 100; i++) {
      const shape = cases.shape(cases.integer(1, 4), 6);
      const axis = cases.integer(0, shape.length - 1);
      const at = indices(cases, cases.shape(cases.integer(0, 2), 5), shape[axis]!);
      const x = cases.next() < 0.5 ? cases.tensor(shape) : cases.special(shape);
      check([x, at], (v, p) => tf.gather(v!, p as tf.Tensor1D, axis), 0, 0);
    }
    check([cases.tensor([5, 5000]), indices(cases, [9], 5)], (v, p) =>
      tf.gather(v!, p as tf.Tensor1D),
    );
  });

  it('gather with batches, int32 and nothing', () => {
    const cases = new Cases(179);
    for (let i = 0; i < 40; i++) {
      const shape = cases.shape(cases.integer(2, 4), 5);
      const axis = cases.integer(1, shape.length - 1);
      const at = indices(cases, [shape[0]!, cases.integer(1, 4)], shape[axis]!);
      check([cases.tensor(shape), at], (v, p) => tf.gather(v!, p as tf.Tensor1D, axis, 1), 0, 0);
    }
    const x: Plain = { shape: [4, 3], values: indices(cases, [4, 3], 1e9).values, dtype: 'int32' };
    check([x, indices(cases, [5], 4)], (v, p) => tf.gather(v!, p as tf.Tensor1D), 0, 0);
    check([x, indices(cases, [0], 4)], (v, p) => tf.gather(v!, p as tf.Tensor1D), 0, 0);
  });

  it('gather of an index that is not there', () => {
    for (const index of [-1, 3]) {
      const at: Plain = { shape: [1], values: Int32Array.of(index), dtype: 'int32' };
      expect(() =>
        run(BACKEND_NAME, [new Cases(1).tensor([3, 2]), at], (v, p) =>
          tf.gather(v!, p as tf.Tensor1D),
        ),
      ).toThrow(`GatherV2: the index value ${index} is not in [0, 2]`);
    }
  });

  it('unsorted segment sum, with ids outside', () => {
    const cases = new Cases(181);
    for (let i = 0; i < 80; i++) {
      const shape = cases.shape(cases.integer(1, 3), 9);
      if (i === 0) shape.push(150);
      const segments = cases.integer(1, 6);
      const ids = indices(cases, [shape[0]!], segments);
      ids.values.forEach((_, j) => {
        if (cases.next() < 0.2) ids.values[j] = cases.pick([-1, segments, -2147483648]);
      });
      check([cases.tensor(shape), ids], (x, p) =>
        tf.unsortedSegmentSum(x!, p as tf.Tensor1D, segments),
      );
    }
  });

  it('a NaN stays in its segment', () => {
    // The stock kernel multiplies every row by 0 or 1, so that one NaN is in every sum.
    const x: Plain = { shape: [3], values: Float32Array.of(NaN, 2, 3) };
    const ids: Plain = { shape: [3], values: Int32Array.of(0, 1, 1), dtype: 'int32' };
    checkValues(
      [x, ids],
      (v, p) => tf.unsortedSegmentSum(v!, p as tf.Tensor1D, 3),
      [NaN, 5, 0],
      0,
      0,
    );
  });

  it('gradient of gather', () => {
    const cases = new Cases(191);
    for (const axis of [0, 1, 2]) {
      const shape = [4, 3, 5];
      const at = [1, 0, 1, 2];
      checkGradient(
        cases.tensor(shape),
        (x) => tf.gather(x, tf.tensor1d(at, 'int32'), axis),
        (x) => {
          const size = shape.map((s, d) => (d === axis ? at.length : s));
          return Array.from({ length: size[0]! * size[1]! * size[2]! }, (_, i) => {
            const place = [
              Math.floor(i / size[1]! / size[2]!),
              Math.floor(i / size[2]!) % size[1]!,
              i % size[2]!,
            ];
            place[axis] = at[place[axis]!]!;
            return x[(place[0]! * shape[1]! + place[1]!) * shape[2]! + place[2]!]!;
          });
        },
      );
    }
  });

  it('one-hot', () => {
    const cases = new Cases(193);
    for (let i = 0; i < 40; i++) {
      const depth = cases.integer(2, 12);
      const at = indices(cases, cases.shape(cases.integer(1, 3), 6), depth + 1);
      at.values[0] = -1;
      for (const dtype of ['float32', 'int32', 'bool'] as const) {
        check([at], (p) => tf.oneHot(p!, depth, 1, 0, dtype), 0, 0);
      }
      check([at], (p) => tf.oneHot(p!, depth, 0.9, -0.1, 'float32'), 0, 0);
    }
  });
});
