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

// The convolution between 64 filters on 14×14 and 128 on 7×7 in DCGAN-28 at batch 64.
const x: [number, number, number, number] = [64, 14, 14, 64];
const w: [number, number, number, number] = [4, 4, 64, 128];
const y: [number, number, number, number] = [64, 7, 7, 128];
const convolutionFlops = 2 * 64 * 7 * 7 * 4 * 4 * 64 * 128;
const convolution = '4×4 stride 2, 64 → 128 channels, 14×14, batch 64';
const floats = 4 * 2 ** 20;

export const ops: readonly Workload[] = [
  op({ name: 'gemm-1024', about: 'matMul 1024×1024×1024', flops: 2 * 1024 ** 3 }, (normal) => {
    const a = normal(1024, 1024);
    const b = normal(1024, 1024);
    return () => tf.matMul(a, b);
  }),
  op(
    { name: 'conv-forward', about: `conv2d ${convolution}`, flops: convolutionFlops },
    (normal) => {
      const input = normal(...x) as tf.Tensor4D;
      const filter = normal(...w) as tf.Tensor4D;
      return () => tf.conv2d(input, filter, 2, 'same');
    },
  ),
  op(
    { name: 'conv-dx', about: `its input gradient, or conv2dTranspose`, flops: convolutionFlops },
    (normal) => {
      const gradient = normal(...y) as tf.Tensor4D;
      const filter = normal(...w) as tf.Tensor4D;
      return () => tf.conv2dTranspose(gradient, filter, x, 2, 'same');
    },
  ),
  op({ name: 'conv-dw', about: `its filter gradient`, flops: convolutionFlops }, (normal) => {
    const input = normal(...x) as tf.Tensor4D;
    const gradient = normal(...y) as tf.Tensor4D;
    const attrs = { strides: 2, pad: 'same', dataFormat: 'NHWC', filterShape: w };
    return () => tf.engine().runKernel('Conv2DBackpropFilter', { x: input, dy: gradient }, attrs);
  }),
  op({ name: 'add-16mb', about: 'a + b, 16 MB each', bytes: 3 * 4 * floats }, (normal) => {
    const a = normal(floats);
    const b = normal(floats);
    return () => tf.add(a, b);
  }),
];
