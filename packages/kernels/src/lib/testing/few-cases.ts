import * as tf from '@tensorflow/tfjs';
import type { ConformanceCase, ConformanceTest } from './conformance-case';
import { conformanceFamilies } from './conformance-families';
import type { Plain } from './seeded-cases';

/** The smallest normal number of float32. */
const SMALLEST = 2 ** -126;

/** WGSL leaves open what becomes of infinities and NaN, and may flush denormals. */
const isOrdinary = ({ values }: Plain): boolean =>
  values.every((v) => v === 0 || (Number.isFinite(v) && Math.abs(v) >= SMALLEST));

/** A binding of no bytes makes webgpu drop the commands that it collected, also those of other cases. */
function isSmall({ shape }: Plain): boolean {
  const size = tf.util.sizeFromShape(shape);
  return size > 0 && size <= 1000;
}

/** The first small cases of ordinary numbers. */
function few(cases: Iterable<ConformanceCase>, most: number): ConformanceCase[] {
  const chosen: ConformanceCase[] = [];
  for (const one of cases) {
    if (one.inputs.every((x) => isSmall(x) && isOrdinary(x))) chosen.push(one);
    if (chosen.length === most) break;
  }
  return chosen;
}

/**
 * The tests of kernels of TensorFlow.js with a few small cases of ordinary numbers each: what can be
 * asked of a GPU, in seconds.
 *
 * @param most cases of a test; default 6
 */
export const testsOfFewCases = (most = 6): ConformanceTest[] =>
  conformanceFamilies
    .flatMap(({ tests }) => tests)
    .filter(({ kernels }) => !kernels)
    .map((test) => ({ ...test, cases: () => few(test.cases(), most) }))
    .filter(({ cases }) => cases().length > 0);
