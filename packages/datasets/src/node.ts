export { defaultCache, downloads } from './lib/downloads';
export { idxFolder, type IdxFolderOptions, type IdxSplit } from './lib/idx-folder';
export { imageFolder, type ImageFolder, type ImageFolderOptions } from './lib/image-folder';
export {
  fashionMnist,
  fashionMnistClassNames,
  type FashionMnistOptions,
  mnist,
  type MnistOptions,
} from './lib/mnist';
export { type DatasetNeed, datasets, openDataset } from './lib/datasets';
export {
  datasetForms,
  type LoadOptions,
  type NamedDataset,
  type PairsOptions,
  parseDatasetName,
  type PicturesOptions,
} from './lib/named-dataset';
export type { PictureFilesOptions, SkippedFile } from './lib/picture-files';
export { scanFolder } from './lib/scan-folder';
export {
  type SuperResolutionBatch,
  superResolutionPairs,
  type SuperResolutionPairs,
  type SuperResolutionPairsOptions,
} from './lib/super-resolution-pairs';
