export {
  accuracy,
  type ClassifierProgress,
  classify,
  features,
  trainClassifier,
  type TrainClassifierOptions,
} from './lib/classifier';
export { frechetDistance, type FrechetOptions } from './lib/frechet-distance';
export { gaussianMoments, type GaussianMoments } from './lib/gaussian-moments';
export { luma, type Plane } from './lib/luma';
export { mixtureCoverage, type MixtureCoverage, type MixtureModes } from './lib/mixture-coverage';
export { modeCoverage, type ModeCoverage } from './lib/mode-coverage';
export { type PictureQualityOptions, psnr } from './lib/psnr';
export { ssim } from './lib/ssim';
export { coarsePixels } from './lib/coarse-pixels';
export { type AskedPictures, confusionMatrix } from './lib/confusion-matrix';
export { keptClassifier, type KeptClassifierOptions } from './lib/kept-classifier';
export { momentsOfDataset, type MomentsOfDatasetOptions } from './lib/moments-of-dataset';
