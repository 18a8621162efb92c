export { accumulateGradients, type AccumulateGradientsOptions } from './lib/accumulate-gradients';
export { adam, type AdamOptions, type AdamStepAttrs } from './lib/adam';
export { adamW, type AdamWOptions } from './lib/adam-w';
export { adaptive, type AdaptiveOptions } from './lib/augmentation/adaptive';
export type { Augmentation } from './lib/augmentation/augmentation';
export { augmented, type AugmentedOptions } from './lib/augmentation/augmented';
export {
  brightness,
  type ColourOptions,
  contrast,
  hueRotation,
  type HueRotationOptions,
  lumaFlip,
  saturation,
} from './lib/augmentation/colour';
export { cutout, type CutoutOptions } from './lib/augmentation/cutout';
export { diffAugment } from './lib/augmentation/diff-augment';
export { horizontalFlip } from './lib/augmentation/horizontal-flip';
export { inSequence } from './lib/augmentation/in-sequence';
export { instanceNoise, type InstanceNoiseOptions } from './lib/augmentation/instance-noise';
export { quarterTurns } from './lib/augmentation/quarter-turns';
export {
  anisotropicScaling,
  isotropicScaling,
  type ScalingOptions,
} from './lib/augmentation/scaling';
export { translation, type TranslationOptions } from './lib/augmentation/translation';
export { withProbability } from './lib/augmentation/with-probability';
export { clipGradients, type ClipGradientsOptions } from './lib/clip-gradients';
export { clipWeights, type ClipWeightsOptions } from './lib/clip-weights';
export { cloneModel } from './lib/clone-model';
export type {
  EndEvent,
  MetricsEvent,
  NotFiniteEvent,
  Pictures,
  SamplesEvent,
  Scalars,
  Sink,
  StageEvent,
  StartEvent,
  StepEvent,
  TrainEvent,
} from './lib/events';
export {
  exponentialMovingAverage,
  type ExponentialMovingAverage,
  type ExponentialMovingAverageOptions,
} from './lib/exponential-moving-average';
export {
  healthMonitor,
  type HealthMonitor,
  type HealthMonitorOptions,
  symptoms,
  type Verdict,
} from './lib/health/health-monitor';
export type { Observation, Symptom } from './lib/health/symptom';
export { imageGrid, type ImageGridOptions } from './lib/image-grid';
export type { LearningRate } from './lib/learning-rate';
export { lion, type LionOptions, type LionStepAttrs } from './lib/lion';
export type { Measure, MeasureContext } from './lib/measure';
export { packed, packedShape } from './lib/packed';
export { pictureDiversity, type PictureDiversity } from './lib/picture-diversity';
export { rmsProp, type RmsPropOptions, type RmsPropStepAttrs } from './lib/rms-prop';
export { runTraining, type RunTrainingOptions } from './lib/run-training';
export { decodeSafetensors, encodeSafetensors, type TensorValues } from './lib/safetensors';
export { constant } from './lib/schedules/constant';
export { cosineDecay, type DecayOptions, linearDecay } from './lib/schedules/decay';
export {
  exponentialDecay,
  type ExponentialDecayOptions,
  stepDecay,
} from './lib/schedules/exponential-decay';
export { warmUp, type WarmUpOptions } from './lib/schedules/warm-up';
export { sgd, type SgdOptions, type SgdStepAttrs } from './lib/sgd';
export {
  type Better,
  type Standing,
  stopAfter,
  type StopAfterOptions,
  type StopRule,
  whenNotImproved,
  type WhenNotImprovedOptions,
} from './lib/stop-rule';
export { toPixels } from './lib/to-pixels';
export { type SamplesOptions, train, type TrainOptions } from './lib/train';
export { type NamedTensors, trainingState, type TrainingState } from './lib/training-state';
