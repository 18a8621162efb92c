export { EXIT, exitCodeOf } from './lib/exit-code';
export { interruptSignal, type InterruptSignal } from './lib/interrupt-signal';
export { nodeHost } from './lib/node-host';
export { required } from './lib/options';
export { pictureWriter, type PictureWriterOptions, requireFree } from './lib/picture-files';
export { type ProgramCommand, type ProgramInfo, runProgram } from './lib/program';
export { progress, type Progress, type ProgressOptions } from './lib/progress';
export { progressSink, type ProgressSinkOptions } from './lib/progress-sink';
export { type RecipeProgramOptions, runRecipe } from './lib/recipe-program';
export { reportCommand } from './lib/report-command';
export { samplesStripSink } from './lib/samples-strip';
export { flagOf, settingOptions } from './lib/setting-option';
export { givenFlags } from './lib/given-flags';
export { type SettingsCommand, settingsCommand } from './lib/settings-command';
export { classifierProgress } from './lib/classifier-progress';
export {
  trainCommand,
  type TrainFlags,
  trainingSettings,
  trainInTerminal,
  trainOptions,
} from './lib/train-command';
export { writePng } from './lib/write-png';
