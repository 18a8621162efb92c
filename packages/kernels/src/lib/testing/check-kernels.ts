import * as tf from '@tensorflow/tfjs';
import type { ConformanceTest } from './conformance-case';
import { conformanceFamilies } from './conformance-families';
import { faultOf } from './fault';
import { outcomeOf } from './outcome';

/** Settings of {@link checkKernels}. */
export interface CheckKernelsOptions {
  /** Default: all of `conformanceFamilies`. */
  readonly tests?: readonly ConformanceTest[];
  /**
   * What the backend's functions are exact to: the least relative tolerance, and ten times the least
   * absolute one, of what need not be exact. Default 0: the cases' own, of float32.
   */
  readonly precision?: number;
}

/** Names of tests. */
export interface CheckedKernels {
  readonly passed: readonly string[];
  /** Those of kernels beyond TensorFlow.js that the backend has not. */
  readonly skipped: readonly string[];
}

/**
 * Compares a backend's kernels with those of the stock cpu backend, or where these are wrong or
 * missing with a formula, on shapes and values that are the same in every run. Also checks that each
 * operation leaves no tensor behind. The backend that was current is so again at the end.
 *
 * A kernel that never ends holds everything up, as the stock cpu kernel of the gradient of resizing by
 * corners does for a picture of one row: leave that test out for a backend that hands over to it.
 *
 * @param backendName of a backend that is registered
 * @throws Error that says for every test that fails which of its cases does, and how
 */
export async function checkKernels(
  backendName: string,
  { tests = allTests(), precision = 0 }: CheckKernelsOptions = {},
): Promise<CheckedKernels> {
  const before = tf.getBackend();
  const passed: string[] = [];
  const skipped: string[] = [];
  const failed: string[] = [];
  try {
    for (const test of tests) {
      if (test.kernels?.some((name) => tf.getKernel(name, backendName) === undefined)) {
        skipped.push(test.name);
        continue;
      }
      const fault = await faultIn(test, backendName, precision);
      if (fault === undefined) passed.push(test.name);
      else failed.push(`${test.name}: ${fault}`);
    }
  } finally {
    await tf.setBackend(before);
  }
  if (failed.length > 0) {
    throw new Error(
      `checkKernels: ${failed.length} of ${tests.length} tests fail on ${backendName}:\n` +
        failed.join('\n'),
    );
  }
  return { passed, skipped };
}

const allTests = () => conformanceFamilies.flatMap(({ tests }) => tests);

/** What is wrong in the first case that fails. */
async function faultIn(
  { cases }: ConformanceTest,
  backendName: string,
  precision: number,
): Promise<string | undefined> {
  for (const one of cases()) {
    if (!(await tf.setBackend(backendName))) return `TensorFlow.js cannot start ${backendName}`;
    const outcome = await outcomeOf(one.op, one.inputs);
    const fault = await faultOf(one, outcome, precision);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
