export {
  type CheckedKernels,
  checkKernels,
  type CheckKernelsOptions,
} from './lib/testing/check-kernels';
export type {
  ConformanceCase,
  ConformanceFamily,
  ConformanceTest,
  Op,
} from './lib/testing/conformance-case';
export { conformanceFamilies } from './lib/testing/conformance-families';
export { testsOfFewCases } from './lib/testing/few-cases';
export { exactConvolution } from './lib/testing/exact-convolution';
export { type Outcome, outcomeOf, type Output } from './lib/testing/outcome';
export { Cases, type Plain, plain } from './lib/testing/seeded-cases';
