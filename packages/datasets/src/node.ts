export { decodePicture, type DecodeOptions, type Size } from './lib/decode-picture';
export { idxFolder, type IdxFolderOptions, type IdxSplit } from './lib/idx-folder';
export { imageFolder, type ImageFolder, type ImageFolderOptions } from './lib/image-folder';
export {
  fashionMnist,
  fashionMnistClassNames,
  mnist,
  type FashionMnistOptions,
  type MnistOptions,
} from './lib/mnist';
export {
  parseDataset,
  splitDatasetName,
  type NamedDataset,
  type NamedDatasetOptions,
} from './lib/named-dataset';
export type { PictureFilesOptions, SkippedFile } from './lib/picture-files';
export { scanFolder } from './lib/scan-folder';
export {
  superResolutionPairs,
  type SuperResolutionBatch,
  type SuperResolutionPairs,
  type SuperResolutionPairsOptions,
} from './lib/super-resolution-pairs';
