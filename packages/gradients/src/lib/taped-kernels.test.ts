import '@ganloom/test-tools';
import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installGradients } from './install-gradients';

beforeAll(async () => {
  await tf.setBackend('cpu');
  installGradients();
});

const wave = (shape: number[]) =>
  tf.tidy(() => tf.sin(tf.mul(1.7, tf.range(0, tf.util.sizeFromShape(shape)))).reshape(shape));

const kernels = async (run: () => tf.Tensor) =>
  (await tf.profile(run)).kernels.map((kernel) => kernel.name);

describe.each(['max', 'avg'] as const)('%s pooling in three dimensions', (kind) => {
  const pool = kind === 'max' ? tf.maxPool3d : tf.avgPool3d;
  const stock = kind === 'max' ? 'MaxPool3D' : 'AvgPool3D';

  it('is the stock kernel where no tape records, and none where one does', async () => {
    const x = wave([1, 2, 2, 2, 1]) as tf.Tensor5D;
    const run = (v: tf.Tensor) => pool(v as tf.Tensor5D, 2, 2, 'valid');
    expect(await kernels(() => run(x))).toContain(stock);
    expect(await kernels(() => tf.grad(run)(x))).not.toContain(stock);
  });

  it.each([
    ['same', 2, [3, 4, 5, 2], [2, 3, 2]],
    ['valid', [1, 2, 1], [3, 4, 5, 1], [2, 1, 3]],
    [1, 2, [3, 4, 5, 1], [3, 2, 2]],
  ] as const)('has the same values both ways: padding %s', (pad, strides, size, window) => {
    const x = wave([2, ...size]) as tf.Tensor5D;
    const run = (v: tf.Tensor) =>
      pool(v as tf.Tensor5D, [...window], strides as number, pad, pad === 1 ? 'floor' : undefined);
    const expected = run(x);
    let taped: tf.Tensor | undefined;
    tf.grad((v) => {
      taped = tf.keep(run(v));
      return taped;
    })(x);
    expect(taped!).toBeAllclose(expected);
    expect(taped!.shape).toEqual(expected.shape);
    tf.dispose([taped!, expected]);
    expectNoLeak(() => tf.grad(run)(x));
    x.dispose();
  });
});

it('differentiates batch normalization without scale and offset', () => {
  const [mean, variance] = [tf.tensor1d([1, 2]), tf.tensor1d([0.25, 4])];
  const x = wave([3, 2]) as tf.Tensor2D;
  const slope = tf.grad((v) => tf.batchNorm(v, mean, variance, undefined, undefined, 0));
  expect(slope(x)).toBeAllclose([2, 0.5, 2, 0.5, 2, 0.5]);
  expectNoLeak(() => slope(x));
  tf.dispose([mean, variance, x]);
});
