export { accumulateGradients, type AccumulateGradientsOptions } from './lib/accumulate-gradients';
export { adamW, type AdamWOptions } from './lib/adam-w';
export { adam, type AdamOptions, type AdamStepAttrs } from './lib/adam';
export { clipGradients, type ClipGradientsOptions } from './lib/clip-gradients';
export { clipWeights, type ClipWeightsOptions } from './lib/clip-weights';
export type { LearningRate } from './lib/learning-rate';
export { lion, type LionOptions, type LionStepAttrs } from './lib/lion';
export { rmsProp, type RmsPropOptions, type RmsPropStepAttrs } from './lib/rms-prop';
export { constant } from './lib/schedules/constant';
export { cosineDecay, type DecayOptions, linearDecay } from './lib/schedules/decay';
export {
  exponentialDecay,
  type ExponentialDecayOptions,
  stepDecay,
} from './lib/schedules/exponential-decay';
export { warmUp, type WarmUpOptions } from './lib/schedules/warm-up';
export { sgd, type SgdOptions, type SgdStepAttrs } from './lib/sgd';
