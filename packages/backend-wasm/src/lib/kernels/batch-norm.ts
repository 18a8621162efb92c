import type * as tf from '@tensorflow/tfjs';
import { declaredKernel, type FastKernel, isFloat, sizeOf } from './kernel';

/** The last dimension, and everything before it as rows. */
function rowsAndChannels(x: tf.TensorInfo): [number, number] {
  const channels = x.shape[x.shape.length - 1]!;
  return [channels === 0 ? 0 : sizeOf(x) / channels, channels];
}

/** Stock inference form: offset + scale·(x − mean)/√(variance + ε). */
const fusedBatchNorm: FastKernel = {
  name: 'FusedBatchNorm',
  run({ inputs, attrs, backend }) {
    const { x, mean, variance, offset, scale } = inputs as Record<string, tf.TensorInfo>;
    const [rows, channels] = rowsAndChannels(x!);
    const perChannel = [mean, variance, offset, scale].every(
      (t) => t === undefined || sizeOf(t) === channels,
    );
    if (!isFloat(x, mean, variance, offset, scale) || !perChannel || sizeOf(x!) === 0)
      return undefined;
    const values = (t: tf.TensorInfo) => backend.data.get(t.dataId).values as Float32Array;
    const y = backend.output(x!.shape);
    backend.withWorkspace(8 * channels, (work) => {
      const factor = new Float32Array(backend.runtime.memory.buffer, work, channels);
      const shift = new Float32Array(backend.runtime.memory.buffer, work + 4 * channels, channels);
      const means = values(mean!);
      const variances = values(variance!);
      for (let c = 0; c < channels; c++) {
        const f =
          (scale ? values(scale)[c]! : 1) /
          Math.sqrt(variances[c]! + (attrs['varianceEpsilon'] as number));
        factor[c] = f;
        shift[c] = (offset ? values(offset)[c]! : 0) - means[c]! * f;
      }
      backend.wasm.channelAffine(
        backend.address(x!),
        backend.address(y),
        rows,
        channels,
        work,
        work + 4 * channels,
      );
    });
    return y;
  },
};

const batchNormTraining = declaredKernel(
  'BatchNormTraining',
  ({ inputs: { x, gamma, beta }, attrs, backend }) => {
    const [rows, channels] = rowsAndChannels(x);
    const y = backend.output(x.shape);
    const mean = backend.output([channels]);
    const variance = backend.output([channels]);
    backend.withWorkspace(4 * backend.wasm.batchNormWorkspace(rows, channels), (work) =>
      backend.wasm.batchNormForward(
        backend.address(x),
        backend.address(gamma),
        backend.address(beta),
        backend.address(y),
        backend.address(mean),
        backend.address(variance),
        work,
        rows,
        channels,
        attrs.epsilon,
      ),
    );
    return [y, mean, variance];
  },
);

const batchNormTrainingGrad = declaredKernel(
  'BatchNormTrainingGrad',
  ({ inputs: { dy, x, gamma, mean, variance }, attrs, backend }) => {
    const [rows, channels] = rowsAndChannels(x);
    const dx = backend.output(x.shape);
    const dgamma = backend.output([channels]);
    const dbeta = backend.output([channels]);
    backend.withWorkspace(4 * backend.wasm.batchNormWorkspace(rows, channels), (work) =>
      backend.wasm.batchNormBackward(
        backend.address(x),
        backend.address(dy),
        backend.address(gamma),
        backend.address(mean),
        backend.address(variance),
        backend.address(dx),
        backend.address(dgamma),
        backend.address(dbeta),
        work,
        rows,
        channels,
        attrs.epsilon,
      ),
    );
    return [dx, dgamma, dbeta];
  },
);

export const batchNormKernels: readonly FastKernel[] = [
  fusedBatchNorm,
  batchNormTraining,
  batchNormTrainingGrad,
];
