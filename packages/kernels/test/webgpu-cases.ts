import { testsOfFewCases } from '../src/lib/testing/few-cases';

/** The tests of stock webgpu. */
export const webgpuTests = testsOfFewCases();
