import { createHash } from 'node:crypto';
import { type ConformanceCase, conformanceFamilies, outcomeOf } from '@ganloom/kernels/testing';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { restartWasm } from '../../../test/restart-wasm';
import { BACKEND_NAME } from './kernel';
import { updateStepKernels } from './update-steps';

// What they compute is tested with all other kernels: see test/conformance.test.ts.

afterAll(() => tf.removeBackend(BACKEND_NAME));

const isUpdate = (name: string) => updateStepKernels.some((kernel) => kernel.name === name);

const tests = conformanceFamilies
  .flatMap((family) => family.tests)
  .filter(({ kernels = [] }) => kernels.some(isUpdate));

it('each of them is tested here', () => {
  const names = new Set(tests.flatMap(({ kernels = [] }) => kernels));
  expect([...names].sort()).toEqual(updateStepKernels.map(({ name }) => name).sort());
});

describe.each(tests)('$name', ({ cases }) => {
  it.each([{}, { relaxedSimd: false }])(
    'gives the same bits on one thread and on two: %j',
    async (options) => {
      const all = [...cases()];
      await restartWasm({ threads: 1, ...options });
      const alone = await bitsOf(all);
      await restartWasm({ threads: 2, ...options });
      expect(await bitsOf(all)).toEqual(alone);
    },
  );
});

/** Checksums of what the updates write. */
async function bitsOf(cases: readonly ConformanceCase[]): Promise<string[][]> {
  const all: string[][] = [];
  for (const { op, inputs } of cases) {
    const outcome = await outcomeOf(op, inputs);
    if ('message' in outcome) throw new Error(outcome.message);
    all.push(outcome.map(({ values }) => createHash('sha256').update(values).digest('hex')));
  }
  return all;
}
