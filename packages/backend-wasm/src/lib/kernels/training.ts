import type * as tf from '@tensorflow/tfjs';
import { type FastKernel, sizeOf } from './kernel';

/**
 * One step of Adam (Kingma and Ba 2014, arXiv 1412.6980) in place on { variable, m, v } from
 * { gradient }; attributes beta1, beta2, epsilon, stepSize = lr/(1 − β₁ᵗ) and
 * inverseSqrtBias2 = 1/√(1 − β₂ᵗ). Returns no tensors. The caller makes sure that nobody else holds
 * the memory of the three.
 */
const adamStep: FastKernel = {
  name: 'AdamStep',
  run({ inputs, attrs, backend }) {
    const { variable, m, v, gradient } = inputs as Record<string, tf.TensorInfo>;
    const { beta1, beta2, epsilon, stepSize, inverseSqrtBias2 } = attrs as Record<string, number>;
    const [p, pm, pv, g] = [variable!, m!, v!, gradient!].map((t) => backend.address(t)) as [
      number,
      number,
      number,
      number,
    ];
    const n = sizeOf(variable!);
    backend.wasm.adamStep(p, pm, pv, g, n, beta1!, beta2!, epsilon!, stepSize!, inverseSqrtBias2!);
    return [];
  },
};

/** target += amount·(source − target), in place on { target } from { source }. Returns no tensors. */
const lerpStep: FastKernel = {
  name: 'LerpStep',
  run({ inputs, attrs, backend }) {
    const { target, source } = inputs as Record<'target' | 'source', tf.TensorInfo>;
    backend.wasm.lerpStep(
      backend.address(target),
      backend.address(source),
      sizeOf(target),
      attrs['amount'] as number,
    );
    return [];
  },
};

/**
 * Normals of a Philox4x32-10 stream: attributes key0, key1, position (blocks of four), shape, mean
 * and stddev. The words are those of any Philox; the transform is Box–Muller in float32.
 */
const randomNormal: FastKernel = {
  name: 'RandomNormal',
  run({ attrs, backend }) {
    const { key0, key1, position, mean, stddev } = attrs as Record<string, number>;
    const y = backend.output(attrs['shape'] as number[]);
    const high = Math.floor(position! / 2 ** 32);
    const n = sizeOf(y);
    if (n > 0)
      backend.wasm.randomNormal(
        backend.address(y),
        n,
        position! | 0,
        high,
        key0! | 0,
        key1! | 0,
        mean!,
        stddev!,
      );
    return y;
  },
};

export const trainingKernels: readonly FastKernel[] = [adamStep, lerpStep, randomNormal];
