export { expectNoLeak, finiteDifference, toBeAllclose } from '@ganloom/test-tools';
export type { Tolerance, Values } from '@ganloom/test-tools';
export { type BackendOptions, onEachBackend, type SelectBackend } from './lib/backends';
export {
  type Augment,
  checkAugmentation,
  type CheckAugmentationOptions,
  type PicturesShape,
  samplePictures,
} from './lib/check-augmentation';
export {
  checkConditioning,
  type ClassedPictures,
  type MakeClassedGame,
} from './lib/check-conditioning';
export { checkDataset, type CheckDatasetOptions } from './lib/check-dataset';
export { checkGame } from './lib/check-game';
export { checkLoss, type LossReference } from './lib/check-loss';
export { checkOptimizer } from './lib/check-optimizer';
export { checkTerm, type CheckTermOptions } from './lib/check-term';
export { termContext, type TermContextOptions } from './lib/term-context';
