export { auxiliaryClassifier } from './lib/auxiliary-classifier';
export { classBesideLatent, type ClassBesideLatentOptions } from './lib/class-beside-latent';
export { classBesidePicture } from './lib/class-beside-picture';
export { classCrossEntropy } from './lib/class-cross-entropy';
export { classInNormalizations } from './lib/class-in-normalizations';
export { classIntoLatent, type ClassIntoLatentOptions } from './lib/class-into-latent';
export { classNaming, type ClassNamingOptions } from './lib/class-naming';
export { classProduct } from './lib/class-product';
export { concatenation } from './lib/concatenation';
export { conditionalBatchNorm } from './lib/conditional-batch-norm';
export type {
  Conditioning,
  DiscriminatorConditioning,
  GeneratorConditioning,
  JudgedPictures,
  LabeledPictures,
} from './lib/conditioning';
export { degreeOf, labelColumn, labelRows } from './lib/labels';
export { LABEL } from './lib/networks';
export { projection } from './lib/projection';
