import { declaredKernel, type FastKernel, sizeOf } from './kernel';

// What is small beside one is rounded here, in float64.

const adamStep = declaredKernel('AdamStep', ({ inputs, attrs, backend }) => {
  const { variable, m, v, gradient } = inputs;
  const { beta1, beta2, epsilon, stepSize, inverseSqrtBias2, shrinkage } = attrs;
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
});

const rmsPropStep = declaredKernel('RmsPropStep', ({ inputs, attrs, backend }) => {
  const { variable, meanSquare, gradient } = inputs;
  const { learningRate, decay, epsilon } = attrs;
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
});

const lionStep = declaredKernel('LionStep', ({ inputs, attrs, backend }) => {
  const { variable, momentum, gradient } = inputs;
  const { learningRate, beta1, beta2, shrinkage } = attrs;
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
});

const sgdStep = declaredKernel('SgdStep', ({ inputs, attrs, backend }) => {
  const { variable, momentum, gradient } = inputs;
  backend.wasm.sgdStep(
    backend.address(variable),
    momentum ? backend.address(momentum) : 0,
    backend.address(gradient),
    sizeOf(variable),
    attrs.learningRate,
    attrs.momentum,
    attrs.nesterov,
  );
  return [];
});

const lerpStep = declaredKernel('LerpStep', ({ inputs: { target, source }, attrs, backend }) => {
  const [to, from] = [backend.address(target), backend.address(source)];
  backend.wasm.lerpStep(to, from, sizeOf(target), attrs.amount);
  return [];
});

export const updateStepKernels: readonly FastKernel[] = [
  adamStep,
  rmsPropStep,
  lionStep,
  sgdStep,
  lerpStep,
];
