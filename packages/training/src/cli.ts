export { type Decay, decayOption, learningRates, type RateSettings } from './cli/decay';
export { backendOptions, choice, integer, number, required, text } from './cli/options';
export { type ProgramCommand, type ProgramInfo, runProgram } from './cli/program';
export { reportCommand } from './cli/report-command';
export {
  settingsOfRun,
  trainCommand,
  type TrainCommand,
  type TrainSettings,
} from './cli/train-command';
