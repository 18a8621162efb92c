export type { CheckpointPosition, MetricValue } from './lib/checkpoint-format';
export { checkpointSink, type CheckpointSinkOptions } from './lib/checkpoint-sink';
export { lockRun, requireNewRun } from './lib/lock-run';
export { type MetricsRow, readMetrics } from './lib/metrics-rows';
export { dropMetricsAfter, metricsSink } from './lib/metrics-sink';
export { bestCheckpoint, type Checkpoint, newestCheckpoint } from './lib/read-checkpoint';
export { hasBegun, resumeRun } from './lib/resume-run';
export {
  readRunConfig,
  readRunSettings,
  type RunBackend,
  type RunConfig,
  writeRunConfig,
} from './lib/run-config';
export { BEST_ENDING, endingAfter, generatorAfter, runNames, samplesAt } from './lib/run-names';
export { samplesSink } from './lib/samples-sink';
export { summarySink } from './lib/summary-sink';
export { dropEventsAfter } from './lib/tensorboard/event-files';
export { tensorboardSink, type TensorboardSinkOptions } from './lib/tensorboard/tensorboard-sink';
export { writeCheckpoint, type WriteCheckpointOptions } from './lib/write-checkpoint';
export { sampleFrame, type SampleFrame } from './lib/sample-frame';
