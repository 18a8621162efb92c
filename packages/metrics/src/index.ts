export {
  accuracy,
  type ClassifierProgress,
  classify,
  features,
  trainClassifier,
  type TrainClassifierOptions,
} from './lib/classifier';
export { frechetDistance, type FrechetOptions } from './lib/frechet-distance';
export { gaussianStatistics, type GaussianStatistics } from './lib/gaussian-statistics';
export { luma, type Plane } from './lib/luma';
export { mixtureCoverage, type MixtureCoverage, type MixtureModes } from './lib/mixture-coverage';
export { modeCoverage, type ModeCoverage } from './lib/mode-coverage';
export { type PictureQualityOptions, psnr } from './lib/psnr';
export { ssim } from './lib/ssim';
