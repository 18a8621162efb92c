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
  StartEvent,
  StepEvent,
  TrainEvent,
} from './lib/events';
export {
  exponentialMovingAverage,
  type ExponentialMovingAverage,
  type ExponentialMovingAverageOptions,
} from './lib/exponential-moving-average';
export { imageGrid, type ImageGridOptions, type Picture } from './lib/image-grid';
export { runTraining, type RunTrainingOptions } from './lib/run-training';
export { sgd, type SgdOptions } from './lib/sgd';
export { toPixels } from './lib/to-pixels';
export { train, type TrainOptions } from './lib/train';
