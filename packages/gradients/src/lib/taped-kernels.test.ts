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

const boxes = () => tf.tensor2d([0.1, 0, 0.9, 1, 0.3, 0.8, 0.7, 0.1], [2, 4]);
const projection = () => tf.tensor2d([[0.8, -0.4, 0.6, 0.4, 0.8, -0.2, 0.01, 0.02]]);

describe.each<[string, (x: tf.Tensor4D) => tf.Tensor]>([
  [
    'CropAndResize',
    (x) =>
      tf.image.cropAndResize(x, boxes(), tf.tensor1d([0, 3], 'int32'), [3, 4], 'bilinear', 0.5),
  ],
  [
    'CropAndResize',
    (x) => tf.image.cropAndResize(x, boxes(), tf.tensor1d([0, 0], 'int32'), [1, 5], 'nearest'),
  ],
  ...(['constant', 'reflect', 'wrap', 'nearest'] as const).flatMap((mode) =>
    (['nearest', 'bilinear'] as const).map((how): [string, (x: tf.Tensor4D) => tf.Tensor] => [
      'Transform',
      (x) => tf.image.transform(x, projection(), how, mode, 0.5, [6, 7]),
    ]),
  ),
  // All of it is infinitely far away.
  [
    'Transform',
    (x) => tf.image.transform(x, tf.tensor2d([[1, 0, 0, 0, 1, 0, -1, 0]]), 'bilinear', 'wrap', 2),
  ],
  ['RotateWithOffset', (x) => tf.image.rotateWithOffset(x, 2.1, [0.1, 0.2, 0.3], [0.4, 0.7])],
  ['Dilation2D', (x) => tf.dilation2d(x, wave([2, 3, 4]) as tf.Tensor3D, [2, 1], 'same')],
  ['Prod', (x) => tf.prod(x, [1, 3], true)],
  ['Prod', (x) => tf.prod(x)],
  ['Prod', (x) => tf.prod(tf.slice(x, 0, [1, 5, 0, 4]), 2)],
  ['Cumprod', (x) => tf.cumprod(x, 3, true, true)],
  ['Cumprod', (x) => tf.cumprod(tf.slice(x, 0, [1, 5, 4, 1]), 3)],
  ['LRN', (x) => tf.localResponseNormalization(x, 1, 0.5, 2, 0.75)],
  ['MaxPoolWithArgmax', (x) => tf.maxPoolWithArgmax(x, 2, 2, 'same')['result']!],
])('%s, %#', (kernel, op) => {
  const inputs = () => wave([1, 5, 4, 4]) as tf.Tensor4D;

  it('has the same values where a tape records and where none does', async () => {
    const x = inputs();
    const run = (v: tf.Tensor) => tf.tidy(() => op(v as tf.Tensor4D));
    const { kernelNames } = await tf.profile(() => run(x));
    expect(kernelNames).toContain(kernel);
    const expected = run(x);
    let taped: tf.Tensor | undefined;
    tf.grad((v) => (taped = tf.keep(run(v))))(x).dispose();
    expect(taped!).toBeAllclose(expected, { atol: 1e-5 });
    expect(taped!.shape).toEqual(expected.shape);
    tf.dispose([taped!, expected]);
    expectNoLeak(() => tf.grad(run)(x));
    x.dispose();
  });
});

it('differentiates max pooling with places, which it gives as the kernel does', () => {
  const x = wave([1, 4, 4, 1]) as tf.Tensor4D;
  const places = (v: tf.Tensor) => tf.maxPoolWithArgmax(v as tf.Tensor4D, 2, 2, 'same')['indexes']!;
  let taped: tf.Tensor | undefined;
  tf.grad((v) => {
    taped = tf.keep(places(v));
    return tf.sum(v);
  })(x);
  expect(taped!).toBeAllclose(places(x));
});

describe('complex tensors', () => {
  it('lead gradients through their parts, and leave nothing behind', () => {
    // |x + 2i·x|² = 5x²
    const run = (x: tf.Tensor) => {
      const z = tf.reshape(tf.complex(x, tf.mul(x, 2)), [3, 1]);
      return tf.add(tf.square(tf.real(z)), tf.square(tf.imag(z)));
    };
    const x = tf.tensor1d([1, -2, 0.5]);
    expect(tf.grad(run)(x)).toBeAllclose([10, -20, 5]);
    expectNoLeak(() => tf.grad(run)(x));
    x.dispose();
  });

  it('have a modulus whose slope is 0 at 0, and does not overflow', () => {
    const x = tf.tensor1d([0, 3e30, 3e-30]);
    const modulus = (v: tf.Tensor) => tf.abs(tf.complex(v, tf.mul(v, 4 / 3)));
    let taped: tf.Tensor | undefined;
    const slope = tf.grad((v) => (taped = tf.keep(modulus(v))))(x);
    expect(taped!).toBeAllclose([0, 5e30, 5e-30], { atol: 0 });
    expect(slope).toBeAllclose([0, 5 / 3, 5 / 3]);
  });

  it('that are constants may meet others', () => {
    const constant = tf.complex([1, 2], [3, 4]);
    const slope = tf.grad((v) => {
      const sum = tf.add(tf.complex(v, tf.zerosLike(v)), constant);
      return tf.add(tf.real(sum), tf.imag(sum));
    });
    expect(slope(tf.tensor1d([5, 6]))).toBeAllclose([1, 1]);
  });

  it('that outlive their tape are constants to the next', () => {
    let kept: tf.Tensor | undefined;
    const x = tf.tensor1d([1, 2]);
    tf.grad((v) => {
      kept = tf.keep(tf.complex(v, v));
      return tf.real(kept);
    })(x);
    const slope = tf.grad((v) => tf.mul(v, tf.imag(kept!)));
    expect(slope(x)).toBeAllclose([1, 2]);
  });
});
