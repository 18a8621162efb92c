export type { AdamStep, AdamStepAttrs } from './lib/adam-step';
export type { BatchNormTraining, BatchNormTrainingAttrs } from './lib/batch-norm-training';
export type { BatchNormTrainingGrad } from './lib/batch-norm-training-grad';
export type { Dense } from './lib/dense';
export type { ExtremumGrad, ExtremumGradAttrs } from './lib/extremum-grad';
export { kernelConfig } from './lib/kernel-config';
export type {
  InPlaceKernelName,
  InPlaceKernelTypes,
  KernelArguments,
  KernelName,
  KernelResult,
  KernelTypes,
  ValueKernelName,
  ValueKernelTypes,
} from './lib/kernel-types';
export type { LerpStep, LerpStepAttrs } from './lib/lerp-step';
export type { LionStep, LionStepAttrs } from './lib/lion-step';
export type { RandomNormal, RandomNormalAttrs } from './lib/random-normal';
export type { RmsPropStep, RmsPropStepAttrs } from './lib/rms-prop-step';
export { hasKernel, runKernel } from './lib/run-kernel';
export type { SgdStep, SgdStepAttrs } from './lib/sgd-step';
export { updateInPlace } from './lib/update-in-place';
