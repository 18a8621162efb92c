import '@ganloom/test-tools';
import { useWasm } from '@ganloom/backend-wasm';
import { expectNoLeak, finiteDifference, modelOf, savedAndLoaded } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';

import {
  minibatchStandardDeviation,
  minibatchStandardDeviationLayer,
} from './minibatch-standard-deviation';

const backends = { cpu: () => tf.setBackend('cpu'), wasm: () => useWasm({ threads: 1 }) };

const wave = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(seed + 1.7 * i));

describe.each(Object.entries(backends))('%s', (_, start) => {
  beforeAll(async () => void (await start()));

  it('appends the mean deviation of each group', () => {
    // Groups {0, 2} and {1, 3}; deviations 1 and 3, mean 2; 0 and 2, mean 1.
    const x = tf.tensor2d([1, 0, 5, 1, 3, 6, 5, 5], [4, 2]);
    const y = minibatchStandardDeviation(x, 2);
    const expected = [1, 0, 2, 5, 1, 1, 3, 6, 2, 5, 5, 1];
    // √(0 + 1e-8) is 1e-4, half of it the mean's.
    expect(y).toBeAllclose(tf.tensor2d(expected, [4, 3]), { atol: 1e-4 });
  });

  it('is one feature map of a picture', () => {
    const x = tf.tensor4d(wave(2 * 2 * 3 * 2, 1), [2, 2, 3, 2]);
    const y = minibatchStandardDeviation(x);
    expect(y.shape).toEqual([2, 2, 3, 3]);
    const values = x.dataSync();
    // Of two values the deviation is half their distance.
    const half = Array.from({ length: 12 }, (__, i) => Math.abs(values[i]! - values[12 + i]!) / 2);
    const mean = half.reduce((sum, v) => sum + v, 0) / 12;
    expect(tf.slice(y, [0, 0, 0, 2])).toBeAllclose(Array<number>(12).fill(mean));
    expect(tf.slice(y, [0, 0, 0, 0], [2, 2, 3, 2])).toBeAllclose(x);
  });

  it('is right to second order', () => {
    const values = wave(12, 0.3);
    const w = wave(16, 2);
    const reference = (x: ArrayLike<number>) => {
      let sum = 0;
      for (const group of [0, 1]) {
        const rows = [group, group + 2];
        const deviation = [0, 1, 2].map((c) => {
          const [a, b] = rows.map((r) => x[3 * r + c]!) as [number, number];
          return Math.sqrt(((a - b) / 2) ** 2 + 1e-8);
        });
        const mean = deviation.reduce((s, d) => s + d, 0) / 3;
        for (const r of rows) {
          for (let c = 0; c < 3; c++) sum += w[4 * r + c]! * x[3 * r + c]! ** 2;
          sum += w[4 * r + 3]! * mean ** 2;
        }
      }
      return sum;
    };
    // Squared, so that the second derivative is not zero everywhere.
    const objective = (x: tf.Tensor) =>
      tf.sum(tf.mul(tf.square(minibatchStandardDeviation(x, 2)), tf.tensor(w, [4, 4])));
    const x = tf.tensor2d(values, [4, 3]);
    expect(tf.grad(objective)(x)).toBeAllclose(finiteDifference(reference, values), {
      rtol: 1e-4,
      atol: 1e-5,
    });
    const penalty = (v: tf.Tensor) => tf.sum(tf.square(tf.grad(objective)(v)));
    const norm = (v: ArrayLike<number>) =>
      finiteDifference(reference, v).reduce((sum, g) => sum + g * g, 0);
    expect(tf.grad(penalty)(x)).toBeAllclose(finiteDifference(norm, values, 1e-4), {
      rtol: 1e-3,
      atol: 1e-3,
    });
  });
});

describe('on one backend', () => {
  beforeAll(async () => void (await backends.cpu()));

  it('has a finite gradient where all examples are the same', () => {
    const gradient = tf.grad((x: tf.Tensor) => tf.sum(minibatchStandardDeviation(x)))(
      tf.ones([4, 2]),
    );
    expect(gradient).toBeAllclose(tf.ones([4, 2]));
  });

  it('is saved, and loaded by plain TensorFlow.js', async () => {
    const model = modelOf(minibatchStandardDeviationLayer({ groupSize: 3 }), [2, 2, 1]);
    expect(model.outputs[0]!.shape).toEqual([null, 2, 2, 2]);
    const loaded = await savedAndLoaded(model);
    const x = tf.tensor4d(wave(24, 1), [6, 2, 2, 1]);
    tf.tidy(() => {
      const y = model.predict(x) as tf.Tensor;
      expect(y).toBeAllclose(minibatchStandardDeviation(x, 3));
      expect(loaded.predict(x) as tf.Tensor).toBeAllclose(y);
    });
    expectNoLeak(() => tf.grad((v: tf.Tensor) => tf.sum(model.apply(v) as tf.Tensor))(x));
    tf.dispose(x);
  });

  it('says what it cannot take', () => {
    expect(() => minibatchStandardDeviation(tf.ones([6, 2]))).toThrow(
      'minibatchStandardDeviation: a batch must be a multiple of groupSize (=4), got 6; ' +
        'take another batch size or groupSize',
    );
    expect(() => minibatchStandardDeviationLayer({ groupSize: 1 })).toThrow(
      'minibatchStandardDeviationLayer: groupSize must be an integer of at least 2, got 1',
    );
  });
});
