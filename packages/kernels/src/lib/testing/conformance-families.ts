import { binaryTests } from './cases/binary-cases';
import { convolutionTests } from './cases/convolution-cases';
import { depthwiseTests } from './cases/depthwise-cases';
import { dtypeTests } from './cases/dtype-cases';
import { indexingTests } from './cases/indexing-cases';
import { movingTests } from './cases/moving-cases';
import { nanTests } from './cases/nan-cases';
import { normalizationTests } from './cases/normalization-cases';
import { poolingTests } from './cases/pooling-cases';
import { productTests } from './cases/product-cases';
import { randomNormalTests } from './cases/random-normal-cases';
import { reductionTests } from './cases/reduction-cases';
import { resizeTests } from './cases/resize-cases';
import { scanTests } from './cases/scan-cases';
import { softmaxTests } from './cases/softmax-cases';
import { unaryTests } from './cases/unary-cases';
import { updateStepTests } from './cases/update-step-cases';
import type { ConformanceFamily } from './conformance-case';

/** Kernels of TensorFlow.js that training a GAN touches, and all beyond it, on seeded random shapes. */
export const conformanceFamilies: readonly ConformanceFamily[] = [
  { title: 'functions of one number', tests: unaryTests },
  { title: 'functions of several numbers', tests: binaryTests },
  { title: 'types and choices', tests: dtypeTests },
  { title: 'NaN, quotients and nothing', tests: nanTests },
  { title: 'matrix products', tests: productTests },
  { title: 'convolutions', tests: [...convolutionTests, ...depthwiseTests] },
  { title: 'pooling and resizing', tests: [...poolingTests, ...resizeTests] },
  { title: 'reductions', tests: reductionTests },
  { title: 'running sums', tests: scanTests },
  { title: 'normalization', tests: [...softmaxTests, ...normalizationTests] },
  { title: 'moving elements', tests: movingTests },
  { title: 'gathering', tests: indexingTests },
  { title: 'updates of variables in place', tests: updateStepTests },
  { title: 'random numbers', tests: randomNormalTests },
];
