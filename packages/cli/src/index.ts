export { cachedClassifier, type CachedClassifierOptions } from './lib/cached-classifier';
export { type Decay, decayOption, learningRates, type RateSettings } from './lib/decay';
export { EXIT, exitCodeOf } from './lib/exit-code';
export { interruptSignal, type InterruptSignal } from './lib/interrupt-signal';
export { backendOptions, choice, integer, number, required, text } from './lib/options';
export { integerOption, numberOption, type NumberRange } from './lib/parse-number';
export { pictureWriter, type PictureWriterOptions, requireFree } from './lib/picture-files';
export { type ProgramCommand, type ProgramInfo, runProgram } from './lib/program';
export { progressSink, type ProgressSinkOptions } from './lib/progress-sink';
export { progress, type Progress, type ProgressOptions } from './lib/progress';
export { reportCommand } from './lib/report-command';
export { type Recipe, type RecipeSettings, runRecipe } from './lib/run-recipe';
export { samplesStripSink } from './lib/samples-strip';
export {
  settingsOfRun,
  trainCommand,
  type TrainCommand,
  type TrainSettings,
} from './lib/train-command';
export { writePng } from './lib/write-png';
