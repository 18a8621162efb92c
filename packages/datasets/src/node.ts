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
export {
  type NamedDataset,
  type NamedDatasetOptions,
  parseDataset,
  splitDatasetName,
} from './lib/named-dataset';
export type { PictureFilesOptions, SkippedFile } from './lib/picture-files';
export { scanFolder } from './lib/scan-folder';
export {
  type SuperResolutionBatch,
  superResolutionPairs,
  type SuperResolutionPairs,
  type SuperResolutionPairsOptions,
} from './lib/super-resolution-pairs';
