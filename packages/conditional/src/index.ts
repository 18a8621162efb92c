export { auxiliaryClassifier, type AuxiliaryClassifierOptions } from './lib/auxiliary-classifier';
export { classCrossEntropy } from './lib/class-cross-entropy';
export { concatenation } from './lib/concatenation';
export { conditionalBatchNorm } from './lib/conditional-batch-norm';
export type { Conditioning, JudgedPictures, LabeledPictures } from './lib/conditioning';
export { degreeOf, labelColumn, labelRows } from './lib/labels';
export { projection } from './lib/projection';
