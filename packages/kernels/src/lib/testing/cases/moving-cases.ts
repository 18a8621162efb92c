import * as tf from '@tensorflow/tfjs';
import type { ConformanceCase, ConformanceTest, Op } from '../conformance-case';
import { gradientCase } from '../gradient-case';
import { Cases, type Plain, plain } from '../seeded-cases';

/** Elements move unchanged. */
const moved = (inputs: readonly Plain[], op: Op): ConformanceCase => ({
  inputs,
  op,
  rtol: 0,
  atol: 0,
});

/** Random shapes of up to some rank, with a generator for what else is random. */
function* shapes(seed: number, count: number, rank: number, most: number) {
  const cases = new Cases(seed);
  for (let i = 0; i < count; i++) yield { shape: cases.shape(cases.integer(1, rank), most), cases };
}

const padding = (cases: Cases): [number, number] => [cases.integer(0, 3), cases.integer(0, 3)];

export const movingTests: readonly ConformanceTest[] = [
  {
    name: 'transpose',
    *cases() {
      for (const { shape, cases } of shapes(47, 80, 6, 6)) {
        const keys = shape.map(() => cases.next());
        const perm = shape.map((_, d) => d).sort((a, b) => keys[a]! - keys[b]!);
        yield moved([cases.tensor(shape)], (x) => tf.transpose(x!, perm));
      }
      const cases = new Cases(48);
      yield moved([cases.tensor([37, 53])], (x) => tf.transpose(x!));
      yield moved([cases.tensor([3, 41, 22])], (x) => tf.transpose(x!, [0, 2, 1]));
    },
  },
  {
    name: 'transpose of int32, and of a bool tensor made float32',
    *cases() {
      const cases = new Cases(49);
      yield moved([cases.grid([2, 3, 4], 'int32')], (x) => tf.transpose(x!, [2, 0, 1]));
      yield moved([cases.grid([2, 3, 4], 'bool')], (x) =>
        tf.transpose(tf.cast(x!, 'float32'), [2, 0, 1]),
      );
    },
  },
  {
    name: 'slice',
    *cases() {
      for (const { shape, cases } of shapes(53, 60, 4, 8)) {
        const begin = shape.map((size) => cases.integer(0, size - 1));
        const size = shape.map((s, d) => cases.integer(0, s - begin[d]!));
        yield moved([cases.tensor(shape)], (x) => tf.slice(x!, begin, size));
      }
    },
  },
  {
    name: 'concat and split',
    *cases() {
      for (const { shape, cases } of shapes(59, 40, 4, 6)) {
        const axis = cases.integer(0, shape.length - 1);
        const other = () => shape.map((size, d) => (d === axis ? cases.integer(1, 5) : size));
        const inputs = [cases.tensor(other()), cases.tensor(other()), cases.tensor(other())];
        yield moved(inputs, (...all) => tf.concat(all, axis));
      }
      yield moved([new Cases(60).tensor([3, 8, 2])], (x) => tf.split(x!, [3, 1, 4], 1));
    },
  },
  {
    name: 'concat and stack of many',
    *cases() {
      const cases = new Cases(63);
      // Around what a GPU can bind at once, and several times that.
      for (const count of [8, 16, 40]) {
        const inputs = Array.from({ length: count }, () => cases.tensor([2, 3]));
        yield moved(inputs, (...all) => [tf.concat(all, 0), tf.concat(all, 1)]);
        yield moved(inputs, (...all) => [tf.stack(all, 0), tf.stack(all, 2)]);
      }
    },
  },
  {
    name: 'pad',
    *cases() {
      for (const { shape, cases } of shapes(61, 40, 4, 6)) {
        const paddings = shape.map(() => padding(cases));
        yield moved([cases.tensor(shape)], (x) => tf.pad(x!, paddings, 0.5));
      }
    },
  },
  {
    name: 'tile',
    *cases() {
      for (const { shape, cases } of shapes(62, 40, 4, 6)) {
        const times = shape.map(() => 2);
        yield moved([cases.tensor(shape)], (x) => tf.tile(x!, times));
      }
    },
  },
  {
    name: 'reverse',
    *cases() {
      for (const { shape, cases } of shapes(63, 40, 4, 6)) {
        const axes = shape.map((_, d) => d).filter(() => cases.next() < 0.5);
        yield moved([cases.tensor(shape)], (x) => tf.reverse(x!, axes));
      }
    },
  },
  {
    name: 'split, stack and unstack along every axis',
    *cases() {
      for (const { shape, cases } of shapes(281, 50, 4, 6)) {
        const axis = cases.integer(0, shape.length - 1);
        const x = cases.special(shape);
        const size = shape[axis]!;
        yield moved([x], (v) => tf.unstack(v!, axis));
        const first = cases.integer(0, size);
        yield moved([x], (v) => tf.split(v!, [first, size - first], axis));
        yield moved([x], (v) => tf.split(v!, size, axis));
        const at = cases.integer(-1, shape.length);
        yield moved([x, cases.tensor(shape), x], (...all) => tf.stack(all, at));
        yield moved([x], (v) => tf.stack([v!], axis));
      }
      const integers = plain([2, 2], [1, -2, 2e9, 4], 'int32');
      yield moved([integers], (v) => [...tf.unstack(v!, 1), tf.stack([v!, v!], 1)]);
      const mask = plain([3], [1, 0, 1], 'bool');
      yield moved([mask], (v) => [...tf.unstack(v!), tf.stack([v!, v!], 1)]);
    },
  },
  {
    name: 'gradients of split and stack',
    cases: () => [
      gradientCase(
        new Cases(283).tensor([3, 4]),
        (v) => tf.stack(tf.split(v, 2, 1), 0),
        (v) => [0, 1, 4, 5, 8, 9, 2, 3, 6, 7, 10, 11].map((i) => v[i]!),
      ),
    ],
  },
  {
    name: 'mirror pad',
    *cases() {
      for (const { shape, cases } of shapes(293, 80, 4, 6)) {
        const mode = cases.pick(['reflect', 'symmetric'] as const);
        const paddings = shape.map((size): [number, number] => {
          const most = mode === 'reflect' ? size - 1 : size;
          return [cases.integer(0, most), cases.integer(0, most)];
        });
        yield moved([cases.special(shape)], (x) => tf.mirrorPad(x!, paddings, mode));
      }
      const one: [number, number] = [1, 1];
      const integers = plain([2, 2], [1, 2, 3, 4], 'int32');
      yield moved([integers], (v) => tf.mirrorPad(v!, [one, one], 'symmetric'));
    },
  },
  {
    name: 'depth to space',
    *cases() {
      const cases = new Cases(307);
      for (let i = 0; i < 40; i++) {
        const block = cases.integer(2, 3);
        const shape = [...cases.shape(3, 4), block * block * cases.integer(1, 5)];
        const op: Op = (x) => tf.depthToSpace(x as tf.Tensor4D, block, 'NHWC');
        yield moved([cases.tensor(shape)], op);
      }
    },
  },
];
