export {
  accuracy,
  classify,
  features,
  trainClassifier,
  type ClassifierProgress,
  type TrainClassifierOptions,
} from './lib/classifier';
export { gaussianStatistics, type GaussianStatistics } from './lib/gaussian-statistics';
export { frechetDistance, type FrechetOptions } from './lib/frechet-distance';
export { mixtureCoverage, type MixtureCoverage, type MixtureModes } from './lib/mixture-coverage';
export { modeCoverage, type ModeCoverage } from './lib/mode-coverage';
export { luma, type Plane } from './lib/luma';
export { psnr, type PictureQualityOptions } from './lib/psnr';
export { ssim } from './lib/ssim';
