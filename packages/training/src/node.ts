export { cachedClassifier, type CachedClassifierOptions } from './node/cached-classifier';
export type { CheckpointPosition, Quality } from './node/checkpoint-format';
export { checkpointSink, type CheckpointSinkOptions } from './node/checkpoint-sink';
export { defaultCache, downloads } from './node/downloads';
export { EXIT, exitCodeOf } from './node/exit-code';
export { interruptSignal, type InterruptSignal } from './node/interrupt-signal';
export { dropMetricsAfter, metricsSink } from './node/metrics-sink';
export { LIVE_PORT, liveView, type LiveView } from './node/live/live-view';
export { loadModel, saveModel } from './node/model-files';
export { integerOption, numberOption, type NumberRange } from './node/parse-number';
export { pictureWriter, type PictureWriterOptions, requireFree } from './node/picture-files';
export { writePng } from './node/png';
export { progress, type Progress, type ProgressOptions } from './node/progress';
export { progressSink, type ProgressSinkOptions } from './node/progress-sink';
export { bestCheckpoint, type Checkpoint, newestCheckpoint } from './node/read-checkpoint';
export { type Frame } from './node/report/frames';
export { reportPage } from './node/report/page';
export {
  type MetricsRow,
  readReportData,
  type ReportData,
  type RunState,
} from './node/report/report-data';
export { reportSink } from './node/report/report-sink';
export { runRecord, type RunRecord } from './node/report/run-record';
export { readRunConfig, type RunBackend, type RunConfig } from './node/run-config';
export { createRunFolder, reopenRunFolder, runFolder, type RunFolder } from './node/run-folder';
export { lockRunFolder, type RunLock } from './node/run-lock';
export { type Recipe, type RecipeSettings, runRecipe } from './node/run-recipe';
export { samplesSink } from './node/samples-sink';
export { samplesStripSink } from './node/samples-strip';
export { summarySink } from './node/summary-sink';
export { dropEventsAfter } from './node/tensorboard/event-files';
export { tensorboardSink, type TensorboardSinkOptions } from './node/tensorboard/tensorboard-sink';
export { writeCheckpoint, type WriteCheckpointOptions } from './node/write-checkpoint';
export { writeFileAtomic, writeJson } from './node/write-file-atomic';
