import { binaryTests } from './cases/binary-cases';
import { convolutionTests } from './cases/convolution-cases';
import { depthwiseTests } from './cases/depthwise-cases';
import { dtypeTests } from './cases/dtype-cases';
import { indexingTests } from './cases/indexing-cases';
import { movingTests } from './cases/moving-cases';
import { normalizationTests } from './cases/normalization-cases';
import { poolingTests } from './cases/pooling-cases';
import { productTests } from './cases/product-cases';
import { reductionTests } from './cases/reduction-cases';
import { resizeTests } from './cases/resize-cases';
import { scanTests } from './cases/scan-cases';
import { softmaxTests } from './cases/softmax-cases';
import { unaryTests } from './cases/unary-cases';
import type { ConformanceFamily } from './conformance-case';

/** Every kernel against the stock cpu backend, on seeded random shapes. */
export const conformanceFamilies: readonly ConformanceFamily[] = [
  { title: 'functions of one number', tests: unaryTests },
  { title: 'functions of several numbers', tests: binaryTests },
  { title: 'types and choices', tests: dtypeTests },
  { title: 'matrix products', tests: productTests },
  { title: 'convolutions', tests: [...convolutionTests, ...depthwiseTests] },
  { title: 'pooling and resizing', tests: [...poolingTests, ...resizeTests] },
  { title: 'reductions', tests: reductionTests },
  { title: 'running sums', tests: scanTests },
  { title: 'normalization', tests: [...softmaxTests, ...normalizationTests] },
  { title: 'moving elements', tests: movingTests },
  { title: 'gathering', tests: indexingTests },
];
