export { idxFolder, type IdxFolderOptions, type IdxSplit } from './lib/idx-folder';
export {
  fashionMnist,
  fashionMnistClassNames,
  mnist,
  type FashionMnistOptions,
  type MnistOptions,
} from './lib/mnist';
