import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KernelName } from '../kernel-types';
import { checkKernels } from './check-kernels';
import { conformanceFamilies } from './conformance-families';

const tests = conformanceFamilies.flatMap((family) => family.tests);
const named = (...names: string[]) => tests.filter(({ name }) => names.includes(name));

/** The cpu backend under another name, with a few kernels that are wrong. */
const wrong: Record<string, (result: tf.TensorInfo, backend: tf.KernelBackend) => void> = {
  Softmax: ({ dataId }, backend) => {
    const values = backend.readSync(dataId) as Float32Array;
    values[values.length - 1]! += 1e-3;
  },
  // A tensor that nobody disposes.
  MirrorPad: () => void tf.keep(tf.scalar(1)),
};

beforeAll(async () => {
  await tf.setBackend('cpu');
  tf.registerBackend('faulty', tf.findBackendFactory('cpu')!, 0);
  for (const kernel of tf.getKernelsForBackend('cpu')) {
    const spoil = wrong[kernel.kernelName];
    tf.registerKernel({
      ...kernel,
      backendName: 'faulty',
      kernelFunc: (args) => {
        const result = kernel.kernelFunc(args);
        spoil?.(result as tf.TensorInfo, args.backend as tf.KernelBackend);
        return result;
      },
    });
  }
});

afterAll(() => tf.removeBackend('faulty'));

it('names the tests that pass, and those of kernels that the backend has not', async () => {
  const chosen = named('max and min propagate NaN', 'a step of Adam', 'einsum');
  expect(await checkKernels('faulty', { tests: chosen })).toEqual({
    passed: ['einsum', 'max and min propagate NaN'],
    skipped: ['a step of Adam'],
  });
  expect(tf.getBackend()).toBe('cpu');
});

it('says which tests fail, and how', async () => {
  const chosen = named('softmax of rows', 'einsum', 'mirror pad');
  expect(chosen.length).toBe(3);
  const error = await checkKernels('faulty', { tests: chosen }).then(
    () => undefined,
    (reason: Error) => reason,
  );
  const [head, ...lines] = error!.message.split('\n');
  expect(head).toBe('checkKernels: 2 of 3 tests fail on faulty:');
  expect(lines).toEqual([
    expect.stringMatching(/^softmax of rows: output 0: 1 of \d+ values differ .*, for inputs \[/),
    expect.stringMatching(/^mirror pad: .* left 1 tensor\(s\) undisposed/),
  ]);
  expect(tf.getBackend()).toBe('cpu');
});

it('takes what is exact enough', async () => {
  const chosen = named('softmax of rows');
  const { passed } = await checkKernels('faulty', { tests: chosen, precision: 1e-1 });
  expect(passed).toEqual(['softmax of rows']);
});

it('has a test of every kernel beyond TensorFlow.js, and no two of one name', () => {
  const declared: Record<KernelName, true> = {
    AdamStep: true,
    BatchNormTraining: true,
    BatchNormTrainingGrad: true,
    Dense: true,
    ExtremumGrad: true,
    LerpStep: true,
    LionStep: true,
    RandomNormal: true,
    RmsPropStep: true,
    SgdStep: true,
  };
  const tested = new Set(tests.flatMap(({ kernels = [] }) => kernels));
  expect([...tested].sort()).toEqual(Object.keys(declared).sort());
  expect(new Set(tests.map(({ name }) => name)).size).toBe(tests.length);
});
