export { accumulateGradients, type AccumulateGradientsOptions } from './lib/accumulate-gradients';
export { adamW, type AdamWOptions } from './lib/adam-w';
export { adam, type AdamOptions } from './lib/adam';
export { clipGradients, type ClipGradientsOptions } from './lib/clip-gradients';
export { clipWeights, type ClipWeightsOptions } from './lib/clip-weights';
export type { LearningRate } from './lib/learning-rate';
export { lion, type LionOptions } from './lib/lion';
export { rmsProp, type RmsPropOptions } from './lib/rms-prop';
export { constant } from './lib/schedules/constant';
export { cosineDecay, type DecayOptions, linearDecay } from './lib/schedules/decay';
export {
  exponentialDecay,
  type ExponentialDecayOptions,
  stepDecay,
} from './lib/schedules/exponential-decay';
export { warmUp, type WarmUpOptions } from './lib/schedules/warm-up';
export { sgd, type SgdOptions } from './lib/sgd';
