import type * as tf from '@tensorflow/tfjs';
import { type FastKernel, isFloat, sizeOf } from './kernel';

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

/**
 * { x, gamma, beta } → [y, mean, variance]: normalization with the statistics of x over all but the
 * last dimension (biased variance).
 */
const batchNormTraining: FastKernel = {
  name: 'BatchNormTraining',
  run({ inputs, attrs, backend }) {
    const { x, gamma, beta } = inputs as Record<'x' | 'gamma' | 'beta', tf.TensorInfo>;
    const [rows, channels] = rowsAndChannels(x);
    const y = backend.output(x.shape);
    const mean = backend.output([channels]);
    const variance = backend.output([channels]);
    const [px, pg, pb, py, pm, pv] = [x, gamma, beta, y, mean, variance].map((t) =>
      backend.address(t),
    ) as [number, number, number, number, number, number];
    backend.withWorkspace(4 * backend.wasm.batchNormWorkspace(rows, channels), (work) =>
      backend.wasm.batchNormForward(
        px,
        pg,
        pb,
        py,
        pm,
        pv,
        work,
        rows,
        channels,
        attrs['epsilon'] as number,
      ),
    );
    return [y, mean, variance];
  },
};

/** { dy, x, gamma, mean, variance } → [dx, dgamma, dbeta], the gradient of `BatchNormTraining`'s y. */
const batchNormTrainingGrad: FastKernel = {
  name: 'BatchNormTrainingGrad',
  run({ inputs, attrs, backend }) {
    const { dy, x, gamma, mean, variance } = inputs as Record<string, tf.TensorInfo>;
    const [rows, channels] = rowsAndChannels(x!);
    const dx = backend.output(x!.shape);
    const dgamma = backend.output([channels]);
    const dbeta = backend.output([channels]);
    const [px, pdy, pg, pm, pv, pdx, pdg, pdb] = [
      x!,
      dy!,
      gamma!,
      mean!,
      variance!,
      dx,
      dgamma,
      dbeta,
    ].map((t) => backend.address(t)) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    backend.withWorkspace(4 * backend.wasm.batchNormWorkspace(rows, channels), (work) =>
      backend.wasm.batchNormBackward(
        px,
        pdy,
        pg,
        pm,
        pv,
        pdx,
        pdg,
        pdb,
        work,
        rows,
        channels,
        attrs['epsilon'] as number,
      ),
    );
    return [dx, dgamma, dbeta];
  },
};

export const batchNormKernels: readonly FastKernel[] = [
  fusedBatchNorm,
  batchNormTraining,
  batchNormTrainingGrad,
];
