import { RandomStream } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import type { Workload } from '../workload';

/** A single operation on fixed inputs, for our side alone. */
function op(
  settings: Pick<Workload, 'name' | 'about' | 'flops' | 'bytes'>,
  make: (normal: (...shape: number[]) => tf.Tensor) => () => tf.Tensor,
): Workload {
  return {
    ...settings,
    group: 'ops',
    stepsPerTurn: 20,
    async prepare() {
      const random = RandomStream.fromSeed(0);
      const run = make((...shape) => random.normal(shape));
      return async () => {
        const result = tf.tidy(run);
        // Waits on a backend that runs behind; one element, so that nothing is copied.
        const probe = tf.tidy(() => result.flatten().slice([0], [1]));
        await probe.data();
        tf.dispose([result, probe]);
      };
    },
  };
}

/** A convolution of square pictures with 'same' padding, its input gradient and its filter gradient. */
function convolution(
  name: string,
  batch: number,
  size: number,
  [from, to]: readonly [number, number],
  kernel: number,
  stride: number,
): Workload[] {
  const x: [number, number, number, number] = [batch, size, size, from];
  const w: [number, number, number, number] = [kernel, kernel, from, to];
  const y: [number, number, number, number] = [batch, size / stride, size / stride, to];
  const flops = 2 * batch * (size / stride) ** 2 * kernel ** 2 * from * to;
  const about = `${kernel}×${kernel} stride ${stride}, ${from} → ${to} channels, ${size}×${size}, batch ${batch}`;
  return [
    op({ name: `${name}-forward`, about: `conv2d ${about}`, flops }, (normal) => {
      const input = normal(...x) as tf.Tensor4D;
      const filter = normal(...w) as tf.Tensor4D;
      return () => tf.conv2d(input, filter, stride, 'same');
    }),
    op({ name: `${name}-dx`, about: `its input gradient, or conv2dTranspose`, flops }, (normal) => {
      const gradient = normal(...y) as tf.Tensor4D;
      const filter = normal(...w) as tf.Tensor4D;
      return () => tf.conv2dTranspose(gradient, filter, x, stride, 'same');
    }),
    op({ name: `${name}-dw`, about: `its filter gradient`, flops }, (normal) => {
      const input = normal(...x) as tf.Tensor4D;
      const gradient = normal(...y) as tf.Tensor4D;
      const attrs = { strides: stride, pad: 'same', dataFormat: 'NHWC', filterShape: w };
      return () => tf.engine().runKernel('Conv2DBackpropFilter', { x: input, dy: gradient }, attrs);
    }),
  ];
}

const floats = 4 * 2 ** 20;

/** The part of our backend that products are made with. */
interface Tiles {
  address(tensor: tf.Tensor): number;
  readonly wasm: {
    packB(to: number, b: number, k: number, n: number, kStride: number, nStride: number): void;
    matMulRows(...args: readonly number[]): void;
  };
}

const [m, k, n, times] = [128, 256, 256, 50];

/** What products and convolutions can be at best: Batch is packed, and all is in the second-level cache. */
const tiles: Workload = {
  name: 'tiles',
  about: `the register tiles of products alone, ${m}×${k} by ${k}×${n}, ${times} times`,
  group: 'ops',
  flops: 2 * m * k * n * times,
  stepsPerTurn: 20,
  async prepare() {
    const backend = tf.backend() as unknown as Tiles;
    const random = RandomStream.fromSeed(0);
    const [a, b, packed, c] = [
      [m, k],
      [k, n],
      [k, n],
      [m, n],
    ].map((shape) => backend.address(random.normal(shape))) as [number, number, number, number];
    backend.wasm.packB(packed, b, k, n, n, 1);
    return async () => {
      for (let i = 0; i < times; i++) backend.wasm.matMulRows(a, packed, c, 0, m, k, n, k, 0, 0, 1);
    };
  },
};

export const ops: readonly Workload[] = [
  tiles,
  op({ name: 'gemm-1024', about: 'matMul 1024×1024×1024', flops: 2 * 1024 ** 3 }, (normal) => {
    const a = normal(1024, 1024);
    const b = normal(1024, 1024);
    return () => tf.matMul(a, b);
  }),
  // Those of DCGAN-28 and DCGAN-64, of SRResNet and of SNGAN.
  ...convolution('conv-28', 64, 14, [64, 128], 4, 2),
  ...convolution('conv-64a', 16, 32, [64, 128], 4, 2),
  ...convolution('conv-64b', 16, 16, [128, 256], 4, 2),
  ...convolution('conv-64c', 16, 8, [256, 512], 4, 2),
  ...convolution('conv-sr', 4, 24, [64, 64], 3, 1),
  ...convolution('conv-sn', 32, 16, [128, 128], 3, 1),
  op(
    { name: 'copy-16mb', about: 'a copy of 16 MB, by tf.slice', bytes: 2 * 4 * floats },
    (normal) => {
      const a = normal(floats + 16);
      return () => tf.slice(a, [16], [floats]);
    },
  ),
  op({ name: 'relu-16mb', about: 'max(a, 0) of 16 MB', bytes: 2 * 4 * floats }, (normal) => {
    const a = normal(floats);
    return () => tf.relu(a);
  }),
  op({ name: 'sum-16mb', about: 'the sum of 16 MB', bytes: 4 * floats }, (normal) => {
    const a = normal(floats);
    return () => tf.sum(a);
  }),
  op({ name: 'add-16mb', about: 'a + b, 16 MB each', bytes: 3 * 4 * floats }, (normal) => {
    const a = normal(floats);
    const b = normal(floats);
    return () => tf.add(a, b);
  }),
];
