export {
  uint8Dataset,
  type PictureBatch,
  type Uint8Dataset,
  type Uint8DatasetOptions,
} from './lib/array-dataset';
export { dataFingerprint } from './lib/data-fingerprint';
export {
  gaussianMixture,
  type GaussianMixture,
  type GaussianMixtureOptions,
  gridMixture,
  type GridMixtureOptions,
  type Mixture,
  type PointBatch,
  ringMixture,
  type RingMixtureOptions,
} from './lib/gaussian-mixture';
export {
  decodeIdxImages,
  decodeIdxLabels,
  idxDataset,
  type IdxDatasetOptions,
  type IdxImages,
} from './lib/idx';
export { stackedMnist, type StackedMnist, type StackedMnistOptions } from './lib/stacked-mnist';
