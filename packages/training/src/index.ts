export { cloneModel } from './lib/clone-model';
export type {
  EndEvent,
  MetricsEvent,
  NotFiniteEvent,
  SamplesEvent,
  Scalars,
  Sink,
  StageEvent,
  StartEvent,
  StepEvent,
  TrainEvent,
} from './lib/events';
export { disposePlan } from './lib/dispose-plan';
export {
  exponentialMovingAverage,
  type ExponentialMovingAverage,
  type ExponentialMovingAverageOptions,
} from './lib/exponential-moving-average';
export { type DoneCheck, healthChecks } from './lib/health/health-checks';
export {
  healthMonitor,
  type HealthMonitor,
  type HealthMonitorOptions,
  symptoms,
  type Verdict,
} from './lib/health/health-monitor';
export { figure, type HealthCheck, type Observation, type Symptom } from './lib/health/symptom';
export type { Metric, MetricContext } from './lib/metric';
export type { SamplesOptions } from './lib/observer';
export type { Samples } from './lib/samples';
export { pictureDiversity, type PictureDiversity } from './lib/picture-diversity';
export { isStaged, variantsOf } from './lib/plan';
export { runTraining, type RunTrainingOptions } from './lib/run-training';
export {
  type Better,
  isBetter,
  type Standing,
  stopAfter,
  type StopAfterOptions,
  type StopRule,
  whenNotImproved,
  type WhenNotImprovedOptions,
} from './lib/stop-rule';
export {
  type Descent,
  discriminatorGradient,
  generatorGradient,
  playStep,
  type StepContext,
} from './lib/step';
export { train, type TrainOptions } from './lib/train';
export { type NamedTensors, trainingState, type TrainingState } from './lib/training-state';
