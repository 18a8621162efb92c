import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { BACKEND_NAME } from '../kernels/kernel';
import { Cases, check, checkGradient, checkValues, onEverySetting, type Plain, run } from './cases';

interface Pool {
  readonly x: number[];
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
  const [batch, h, w, channels] = shape as [number, number, number, number];
  const info = tf.backend_util.computePool2DInfo(
    [batch, h, w, channels],
    size,
    strides,
    1,
    pad,
    rounding(pad),
  );
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

onEverySetting(() => {
  it('max and average pooling', () => {
    const cases = new Cases(101);
    for (const pool of pools(1, 120, 9)) {
      const x = cases.tensor(pool.x);
      check([x], (v) => pooled('max', v!, pool), 0, 0);
      check([x], (v) => pooled('avg', v!, pool), 1e-6, 1e-6);
    }
  });

  it('places of the maxima, as integers that pick them', () => {
    const cases = new Cases(105);
    for (const pool of pools(3, 40, 6)) {
      const x = cases.tensor(pool.x);
      const picked = (v: tf.Tensor) => {
        const { result, indexes } = tf.maxPoolWithArgmax(
          v as tf.Tensor4D,
          pool.size,
          pool.strides,
          pool.pad,
          true,
        ) as { result: tf.Tensor4D; indexes: tf.Tensor4D };
        const found = tf.gather(tf.reshape(v, [-1]), tf.reshape(indexes, [-1]).toInt());
        return [result, tf.reshape(found, result.shape)];
      };
      if (typeof pool.pad === 'number') continue;
      check([x], (v) => picked(v!), 0, 0);
      const [largest, found] = run(BACKEND_NAME, [x], (v) => picked(v!));
      expect(found!.values).toEqual(largest!.values);
    }
  });

  it('of infinities, denormals and signed zeros', () => {
    const cases = new Cases(103);
    for (const pool of pools(2, 60, 6)) {
      const x = cases.special(pool.x);
      x.values.forEach((v, i) => (x.values[i] = Number.isNaN(v) ? 1 : v));
      check([x], (v) => [pooled('max', v!, pool), pooled('avg', v!, pool)], 1e-6, 1e-6);
    }
  });

  it('a NaN reaches every window that has it', () => {
    for (const channels of [1, 4, 5]) {
      const values = new Float32Array(9 * channels).fill(7);
      // The first channel of the pixel in the first row's middle.
      values[channels] = NaN;
      const x: Plain = { shape: [1, 3, 3, channels], values };
      for (const kind of ['max', 'avg'] as const) {
        const pool: Pool = { x: x.shape, size: [2, 2], strides: [1, 1], pad: 'valid' };
        const expected = new Float32Array(4 * channels).fill(7);
        expected[0] = expected[channels] = NaN;
        checkValues([x], (v) => pooled(kind, v!, pool), expected, 0, 0);
      }
      const [dx] = run(BACKEND_NAME, [x], (v) =>
        tf.grad((p) => tf.sum(tf.maxPool(p as tf.Tensor4D, 2, 1, 'valid')))(v!),
      );
      expect(dx!.values[channels]).toBe(2);
    }
  });

  it('of no pictures and no channels', () => {
    for (const shape of [
      [0, 4, 4, 3],
      [2, 4, 4, 0],
    ]) {
      const x: Plain = { shape, values: new Float32Array(0) };
      for (const pool of [tf.maxPool, tf.avgPool]) {
        const [y] = run(BACKEND_NAME, [x], (v) => pool(v as tf.Tensor4D, 2, 2, 'same'));
        expect(y!.shape).toEqual([shape[0], 2, 2, shape[3]]);
        const [dx] = run(BACKEND_NAME, [x], (v) =>
          tf.grad((p) => tf.sum(pool(p as tf.Tensor4D, 2, 2, 'same')))(v!),
        );
        expect(dx!.shape).toEqual(shape);
      }
    }
  });

  it('gradient of max pooling, also of ties, negative and infinite windows', () => {
    const cases = new Cases(107);
    for (const pool of pools(3, 80, 8)) {
      const x = cases.pick([
        cases.tensor(pool.x),
        cases.tensor(pool.x, -3, -1),
        cases.special(pool.x),
      ]);
      x.values.forEach((v, i) => (x.values[i] = Number.isNaN(v) ? 1 : v));
      // Equal neighbours: the first takes the gradient.
      if (cases.next() < 0.3) x.values.forEach((v, i) => (x.values[i] = Math.round(v)));
      check(
        [x],
        (v) =>
          tf.grad((p) => {
            const y = pooled('max', p, pool);
            return tf.sum(tf.mul(y, tf.range(1, y.size + 1).reshape(y.shape)));
          })(v!),
        1e-6,
        1e-5,
      );
    }
    const negative = Float32Array.of(-5, -3, -4, -9);
    checkValues(
      [{ shape: [1, 2, 2, 1], values: negative }],
      (v) => tf.grad((p) => tf.sum(tf.maxPool(p as tf.Tensor4D, 2, 2, 'valid')))(v!),
      [0, 1, 0, 0],
    );
  });

  it('gradient of average pooling is that of finite differences, also at borders', () => {
    const cases = new Cases(109);
    for (const pool of pools(4, 40, 4)) {
      const x = cases.tensor([pool.x[0]!, pool.x[1]!, pool.x[2]!, Math.min(3, pool.x[3]!)]);
      checkGradient(
        x,
        (v) => pooled('avg', v, pool),
        (values) => averages({ ...pool, x: x.shape }, values),
      );
    }
  });

  it('gradients where the output was rounded up', () => {
    const x: Plain = {
      shape: [1, 4, 4, 1],
      values: Float32Array.from({ length: 16 }, (_, i) => i),
    };
    for (const pool of [tf.maxPool, tf.avgPool]) {
      const [dx] = run(BACKEND_NAME, [x], (v) =>
        tf.grad((p) => tf.sum(pool(p as tf.Tensor4D, 3, 2, 0, 'ceil')))(v!),
      );
      // Four windows, each of which hands out what it got.
      expect((dx!.values as Float32Array).reduce((sum, d) => sum + d, 0)).toBeCloseTo(4, 5);
    }
  });
});
