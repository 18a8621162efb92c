export { adam, type AdamOptions, type AdamStepAttrs } from './lib/adam';
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
export { pictureDiversity, type PictureDiversity } from './lib/picture-diversity';
export { runTraining, type RunTrainingOptions } from './lib/run-training';
export { decodeSafetensors, encodeSafetensors, type TensorValues } from './lib/safetensors';
export { sgd, type SgdOptions } from './lib/sgd';
export { toPixels } from './lib/to-pixels';
export { type SamplesOptions, train, type TrainOptions } from './lib/train';
export { type NamedTensors, trainingState, type TrainingState } from './lib/training-state';
