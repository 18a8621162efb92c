import * as tf from '@tensorflow/tfjs';
import type { ConformanceCase, ConformanceTest, Op } from '../conformance-case';
import { gradientCase } from '../gradient-case';
import { Cases, plain } from '../seeded-cases';

type Shape = [number, number, number, number];

interface Pool {
  readonly x: Shape;
  readonly size: [number, number];
  readonly strides: [number, number];
  readonly pad: 'same' | 'valid' | number;
}

function pools(seed: number, count: number, most: number): Pool[] {
  const cases = new Cases(seed);
  const all: Pool[] = [];
  while (all.length < count) {
    const size: [number, number] = [cases.integer(1, 4), cases.integer(1, 4)];
    const strides: [number, number] = [cases.integer(1, 3), cases.integer(1, 3)];
    const [h, w] = [cases.integer(1, most), cases.integer(1, most)];
    const pad = cases.pick(['same', 'valid', 1] as const);
    if (pad === 'valid' && (h < size[0] || w < size[1])) continue;
    if (pad === 1) {
      // tfjs sizes the output by the first of each pair when the padding is a number.
      size[1] = size[0];
      strides[1] = strides[0];
      // A window in the padding alone has no value.
      if (size[0] === 1 || Math.min(h, w) + 2 < size[0]) continue;
    }
    all.push({
      x: [cases.integer(1, 3), h, w, cases.pick([1, 2, 3, 4, 5, 8, 13, 37])],
      size,
      strides,
      pad,
    });
  }
  return all;
}

const rounding = (pad: Pool['pad']) => (typeof pad === 'number' ? 'floor' : undefined);

function pooled(kind: 'max' | 'avg', x: tf.Tensor, { size, strides, pad }: Pool): tf.Tensor {
  const pool = kind === 'max' ? tf.maxPool : tf.avgPool;
  return pool(x as tf.Tensor4D, size, strides, pad, rounding(pad));
}

/** Averages over the cells inside the picture, in float64. */
function averages({ x: shape, size, strides, pad }: Pool, x: ArrayLike<number>): number[] {
  const [, h, w, channels] = shape;
  const info = tf.backend_util.computePool2DInfo(shape, size, strides, 1, pad, rounding(pad));
  const y: number[] = [];
  for (let i = 0; i < tf.util.sizeFromShape(info.outShape); i++) {
    const c = i % channels;
    const column = Math.floor(i / channels) % info.outWidth;
    const row = Math.floor(i / channels / info.outWidth) % info.outHeight;
    const image = Math.floor(i / channels / info.outWidth / info.outHeight);
    let [sum, count] = [0, 0];
    for (let k = 0; k < size[0] * size[1]; k++) {
      const r = row * strides[0] - info.padInfo.top + Math.floor(k / size[1]);
      const s = column * strides[1] - info.padInfo.left + (k % size[1]);
      if (r < 0 || s < 0 || r >= h || s >= w) continue;
      sum += x[((image * h + r) * w + s) * channels + c]!;
      count++;
    }
    y.push(sum / count);
  }
  return y;
}

const exact = { rtol: 0, atol: 0 };

const forward: ConformanceTest[] = [
  {
    name: 'max pooling',
    *cases() {
      const cases = new Cases(101);
      for (const pool of pools(1, 120, 9)) {
        yield { inputs: [cases.tensor(pool.x)], op: (v) => pooled('max', v!, pool), ...exact };
      }
    },
  },
  {
    name: 'average pooling',
    *cases() {
      const cases = new Cases(101);
      for (const pool of pools(1, 120, 9)) {
        const op: Op = (v) => pooled('avg', v!, pool);
        yield { inputs: [cases.tensor(pool.x)], op, rtol: 1e-6, atol: 1e-6 };
      }
    },
  },
  {
    name: 'places of the maxima of pooling, as integers that pick them',
    *cases() {
      const cases = new Cases(105);
      for (const pool of pools(3, 40, 6)) {
        const x = cases.tensor(pool.x);
        if (typeof pool.pad === 'number') continue;
        yield {
          inputs: [x],
          op: (v) => {
            const { result, indexes } = tf.maxPoolWithArgmax(
              v as tf.Tensor4D,
              pool.size,
              pool.strides,
              pool.pad,
              true,
            ) as { result: tf.Tensor4D; indexes: tf.Tensor4D };
            const found = tf.gather(tf.reshape(v!, [-1]), tf.reshape(indexes, [-1]).toInt());
            return [result, tf.reshape(found, result.shape)];
          },
          reference: (v) => [pooled('max', v!, pool), pooled('max', v!, pool)],
          ...exact,
        };
      }
    },
  },
  {
    name: 'pooling of infinities, denormals and signed zeros',
    *cases() {
      const cases = new Cases(103);
      for (const pool of pools(2, 60, 6)) {
        const x = cases.special(pool.x);
        x.values.forEach((v, i) => (x.values[i] = Number.isNaN(v) ? 1 : v));
        const op: Op = (v) => [pooled('max', v!, pool), pooled('avg', v!, pool)];
        yield { inputs: [x], op, rtol: 1e-6, atol: 1e-6 };
      }
    },
  },
  {
    name: 'pooling: a NaN reaches every window that has it',
    *cases() {
      for (const channels of [1, 4, 5]) {
        const values = new Float32Array(9 * channels).fill(7);
        // The first channel of the pixel in the first row's middle.
        values[channels] = NaN;
        const pool: Pool = { x: [1, 3, 3, channels], size: [2, 2], strides: [1, 1], pad: 'valid' };
        const expected = new Float32Array(4 * channels).fill(7);
        expected[0] = expected[channels] = NaN;
        const inputs = [{ shape: pool.x, values }];
        for (const kind of ['max', 'avg'] as const) {
          yield {
            inputs,
            op: (v) => pooled(kind, v!, pool),
            reference: () => tf.tensor(expected, [1, 2, 2, channels]),
            ...exact,
          };
        }
        yield {
          inputs,
          op: (v) => {
            const dx = tf.grad((p) => tf.sum(pooled('max', p, pool)))(v!);
            return tf.slice(tf.reshape(dx, [-1]), channels, 1);
          },
          reference: () => tf.tensor1d([2]),
          ...exact,
        };
      }
    },
  },
  {
    name: 'pooling of no pictures and no channels, and its gradients',
    *cases() {
      for (const shape of [
        [0, 4, 4, 3],
        [2, 4, 4, 0],
      ]) {
        for (const pool of [tf.maxPool, tf.avgPool]) {
          const op = (v: tf.Tensor) => pool(v as tf.Tensor4D, 2, 2, 'same');
          yield {
            inputs: [plain(shape, [])],
            op: (v) => [op(v!), tf.grad((p) => tf.sum(op(p)))(v!)],
            reference: () => [tf.zeros([shape[0]!, 2, 2, shape[3]!]), tf.zeros(shape)],
          };
        }
      }
    },
  },
];

/** Of pictures with equal neighbors, or of the others. */
function* maxPoolGradients(equals: boolean): Generator<ConformanceCase> {
  const cases = new Cases(107);
  for (const pool of pools(3, 80, 8)) {
    const x = cases.pick([
      cases.tensor(pool.x),
      cases.tensor(pool.x, -3, -1),
      cases.special(pool.x),
    ]);
    x.values.forEach((v, i) => (x.values[i] = Number.isNaN(v) ? 1 : v));
    const rounded = cases.next() < 0.3;
    if (rounded) x.values.forEach((v, i) => (x.values[i] = Math.round(v)));
    if (rounded !== equals) continue;
    yield {
      inputs: [x],
      op: (v) =>
        tf.grad((p) => {
          const y = pooled('max', p, pool);
          return tf.sum(tf.mul(y, tf.range(1, y.size + 1).reshape(y.shape)));
        })(v!),
      rtol: 1e-6,
      atol: 1e-5,
    };
  }
}

const backward: ConformanceTest[] = [
  {
    name: 'gradient of max pooling: the first of equals takes it',
    cases: () => maxPoolGradients(true),
  },
  {
    name: 'gradient of max pooling, also of negative and infinite windows',
    *cases() {
      yield* maxPoolGradients(false);
      yield {
        inputs: [plain([1, 2, 2, 1], [-5, -3, -4, -9])],
        op: (v) => tf.grad((p) => tf.sum(tf.maxPool(p as tf.Tensor4D, 2, 2, 'valid')))(v!),
        reference: () => tf.tensor([0, 1, 0, 0], [1, 2, 2, 1]),
      };
    },
  },
  {
    name: 'gradient of average pooling, also at borders',
    *cases() {
      const cases = new Cases(109);
      for (const pool of pools(4, 40, 4)) {
        const [batch, h, w, channels] = pool.x;
        const x: Shape = [batch, h, w, Math.min(3, channels)];
        yield gradientCase(
          cases.tensor(x),
          (v) => pooled('avg', v, pool),
          (values) => averages({ ...pool, x }, values),
        );
      }
    },
  },
  {
    name: 'gradients of pooling where the output was rounded up',
    *cases() {
      const x = plain(
        [1, 4, 4, 1],
        Array.from({ length: 16 }, (_, i) => i),
      );
      for (const pool of [tf.maxPool, tf.avgPool]) {
        yield {
          inputs: [x],
          op: (v) => tf.sum(tf.grad((p) => tf.sum(pool(p as tf.Tensor4D, 3, 2, 0, 'ceil')))(v!)),
          // Four windows, each of which hands out what it got.
          reference: () => tf.scalar(4),
          rtol: 0,
          atol: 5e-6,
        };
      }
    },
  },
];

export const poolingTests: readonly ConformanceTest[] = [...forward, ...backward];
