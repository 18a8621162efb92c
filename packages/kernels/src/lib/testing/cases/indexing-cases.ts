import * as tf from '@tensorflow/tfjs';
import type { ConformanceCase, ConformanceTest, Op } from '../conformance-case';
import { gradientCase } from '../gradient-case';
import { Cases, plain } from '../seeded-cases';

const exact = { rtol: 0, atol: 0 };

const indices = (cases: Cases, shape: number[], below: number) =>
  cases.grid(shape, 'int32', 0, below - 1);

const gathered =
  (axis = 0, batchDims = 0): Op =>
  (x, at) =>
    tf.gather(x!, at as tf.Tensor1D, axis, batchDims);

/** This share of the ids is of no segment. */
function* segmentSums(outside: number): Generator<ConformanceCase> {
  const cases = new Cases(181);
  for (let i = 0; i < 80; i++) {
    const shape = cases.shape(cases.integer(1, 3), 9);
    if (i === 0) shape.push(150);
    const segments = cases.integer(1, 6);
    const ids = indices(cases, [shape[0]!], segments);
    ids.values.forEach((_, j) => {
      if (cases.next() < outside) ids.values[j] = cases.pick([-1, segments, -2147483648]);
    });
    yield {
      inputs: [cases.tensor(shape), ids],
      op: (x, p) => tf.unsortedSegmentSum(x!, p as tf.Tensor1D, segments),
    };
  }
}

export const indexingTests: readonly ConformanceTest[] = [
  {
    name: 'gather along every axis',
    *cases() {
      const cases = new Cases(173);
      for (let i = 0; i < 100; i++) {
        const shape = cases.shape(cases.integer(1, 4), 6);
        const axis = cases.integer(0, shape.length - 1);
        const at = indices(cases, cases.shape(cases.integer(0, 2), 5), shape[axis]!);
        const x = cases.next() < 0.5 ? cases.tensor(shape) : cases.special(shape);
        yield { inputs: [x, at], op: gathered(axis), ...exact };
      }
      yield { inputs: [cases.tensor([5, 5000]), indices(cases, [9], 5)], op: gathered() };
    },
  },
  {
    name: 'gather with batches, int32 and nothing',
    *cases() {
      const cases = new Cases(179);
      for (let i = 0; i < 40; i++) {
        const shape = cases.shape(cases.integer(2, 4), 5);
        const axis = cases.integer(1, shape.length - 1);
        const at = indices(cases, [shape[0]!, cases.integer(1, 4)], shape[axis]!);
        yield { inputs: [cases.tensor(shape), at], op: gathered(axis, 1), ...exact };
      }
      const x = indices(cases, [4, 3], 1e9);
      yield { inputs: [x, indices(cases, [5], 4)], op: gathered(), ...exact };
      yield { inputs: [x, indices(cases, [0], 4)], op: gathered(), ...exact };
    },
  },
  {
    name: 'gradient of gather',
    *cases() {
      const cases = new Cases(191);
      const [shape, at] = [
        [4, 3, 5],
        [1, 0, 1, 2],
      ];
      for (const axis of [0, 1, 2]) {
        const size = shape!.map((s, d) => (d === axis ? at!.length : s));
        const strides = tf.util.computeStrides(size);
        yield gradientCase(
          cases.tensor(shape!),
          (x) => tf.gather(x, tf.tensor1d(at!, 'int32'), axis),
          (x) =>
            Array.from({ length: tf.util.sizeFromShape(size) }, (_, i) => {
              const place = tf.util.indexToLoc(i, 3, strides);
              place[axis] = at![place[axis]!]!;
              return x[tf.util.locToIndex(place, 3, tf.util.computeStrides(shape!))]!;
            }),
        );
      }
    },
  },
  { name: 'unsorted segment sum', cases: () => segmentSums(0) },
  { name: 'unsorted segment sum, with ids outside', cases: () => segmentSums(0.2) },
  {
    name: 'unsorted segment sum: a NaN stays in its segment',
    // The stock kernel multiplies every row by 0 or 1, so that one NaN is in every sum.
    cases: () => [
      {
        inputs: [plain([3], [NaN, 2, 3]), plain([3], [0, 1, 1], 'int32')],
        op: (x, ids) => tf.unsortedSegmentSum(x!, ids as tf.Tensor1D, 3),
        reference: () => tf.tensor1d([NaN, 5, 0]),
        ...exact,
      },
    ],
  },
  {
    name: 'one-hot',
    *cases() {
      const cases = new Cases(193);
      for (let i = 0; i < 40; i++) {
        const depth = cases.integer(2, 12);
        const at = indices(cases, cases.shape(cases.integer(1, 3), 6), depth + 1);
        at.values[0] = -1;
        for (const dtype of ['float32', 'int32', 'bool'] as const) {
          yield { inputs: [at], op: (p) => tf.oneHot(p!, depth, 1, 0, dtype), ...exact };
        }
        yield { inputs: [at], op: (p) => tf.oneHot(p!, depth, 0.9, -0.1, 'float32'), ...exact };
      }
    },
  },
];
