import type * as tf from '@tensorflow/tfjs';
import { type FastKernel, sizeOf } from './kernel';

type Inputs<Slot extends string> = Record<'variable' | 'gradient' | Slot, tf.TensorInfo>;
type Attrs<Name extends string> = Record<Name, number>;

// Updates in place write into their inputs and return no tensors. The caller makes sure that nobody
// else holds the memory of what they write. What is small beside one is rounded here, in float64.

/**
 * One step of Adam (Kingma and Ba 2014, arXiv 1412.6980) in place on { variable, m, v } from
 * { gradient }; attributes beta1, beta2, epsilon, stepSize = lr/(1 − β₁ᵗ),
 * inverseSqrtBias2 = 1/√(1 − β₂ᵗ) and shrinkage = lr·λ, the share of the variable that decoupled
 * weight decay takes, or 0.
 */
const adamStep: FastKernel = {
  name: 'AdamStep',
  run({ inputs, attrs, backend }) {
    const { variable, m, v, gradient } = inputs as Inputs<'m' | 'v'>;
    const { beta1, beta2, epsilon, stepSize, inverseSqrtBias2, shrinkage } = attrs as Attrs<
      'beta1' | 'beta2' | 'epsilon' | 'stepSize' | 'inverseSqrtBias2' | 'shrinkage'
    >;
    backend.wasm.adamStep(
      backend.address(variable),
      backend.address(m),
      backend.address(v),
      backend.address(gradient),
      sizeOf(variable),
      1 - beta1,
      1 - beta2,
      epsilon,
      stepSize,
      inverseSqrtBias2,
      shrinkage,
    );
    return [];
  },
};

/**
 * One step of RMSProp (Tieleman and Hinton 2012) in place on { variable, meanSquare } from
 * { gradient }; attributes learningRate, decay and epsilon.
 */
const rmsPropStep: FastKernel = {
  name: 'RmsPropStep',
  run({ inputs, attrs, backend }) {
    const { variable, meanSquare, gradient } = inputs as Inputs<'meanSquare'>;
    const { learningRate, decay, epsilon } = attrs as Attrs<'learningRate' | 'decay' | 'epsilon'>;
    backend.wasm.rmsPropStep(
      backend.address(variable),
      backend.address(meanSquare),
      backend.address(gradient),
      sizeOf(variable),
      learningRate,
      1 - decay,
      epsilon,
    );
    return [];
  },
};

/**
 * One step of Lion (Chen et al. 2023, arXiv 2302.06675) in place on { variable, momentum } from
 * { gradient }; attributes learningRate, beta1, beta2 and shrinkage, as that of AdamStep. The sign
 * of NaN is 0, as in `tf.sign`: the momentum becomes NaN, the variable stays.
 */
const lionStep: FastKernel = {
  name: 'LionStep',
  run({ inputs, attrs, backend }) {
    const { variable, momentum, gradient } = inputs as Inputs<'momentum'>;
    const { learningRate, beta1, beta2, shrinkage } = attrs as Attrs<
      'learningRate' | 'beta1' | 'beta2' | 'shrinkage'
    >;
    backend.wasm.lionStep(
      backend.address(variable),
      backend.address(momentum),
      backend.address(gradient),
      sizeOf(variable),
      learningRate,
      beta1,
      1 - beta1,
      beta2,
      1 - beta2,
      shrinkage,
    );
    return [];
  },
};

/**
 * One step of gradient descent in place on { variable, momentum }, or on { variable } alone, from
 * { gradient }; attributes learningRate, momentum = μ and nesterov, whether it looks ahead (Polyak
 * 1964; Nesterov 1983).
 */
const sgdStep: FastKernel = {
  name: 'SgdStep',
  run({ inputs, attrs, backend }) {
    const { variable, gradient } = inputs as Inputs<never>;
    const buffer = inputs['momentum'];
    const { learningRate, momentum } = attrs as Attrs<'learningRate' | 'momentum'>;
    backend.wasm.sgdStep(
      backend.address(variable),
      buffer ? backend.address(buffer) : 0,
      backend.address(gradient),
      sizeOf(variable),
      learningRate,
      momentum,
      attrs['nesterov'] as boolean,
    );
    return [];
  },
};

/** target += amount·(source − target), in place on { target } from { source }. */
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

export const updateStepKernels: readonly FastKernel[] = [
  adamStep,
  rmsPropStep,
  lionStep,
  sgdStep,
  lerpStep,
];
