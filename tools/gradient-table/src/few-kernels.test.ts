import { installGradients } from '@ganloom/gradients';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { gradientFamilies } from './gradient-cases';
import { expectedGradients, measure } from './measure';
import { isRight } from './table';

/** Kernels of the cpu backend that @tensorflow/tfjs-node 4.22 does not register. */
const absentFromNode = new Set([
  ...['BitwiseAnd', 'DenseBincount', 'Draw', 'MaxPoolWithArgmax', 'RaggedGather', 'RaggedRange'],
  ...['RaggedTensorToTensor', 'RotateWithOffset', 'SearchSorted', 'SparseFillEmptyRows'],
  ...['SparseReshape', 'SparseSegmentMean', 'SparseSegmentSum', 'StringNGrams', 'StringSplit'],
  ...['StringToHashBucketFast', 'Transform'],
]);

/** The cpu backend with no kernel that the stock backends for Node or WebGL lack. */
const backend = 'few-kernels';

beforeAll(async () => {
  installGradients();
  await tf.setBackend('cpu');
  const Cpu = tf.backend().constructor as new () => tf.KernelBackend;
  tf.registerBackend(backend, () => new Cpu());
  const onWebgl = new Set(tf.getKernelsForBackend('webgl').map(({ kernelName }) => kernelName));
  for (const kernel of tf.getKernelsForBackend('cpu')) {
    const { kernelName } = kernel;
    if (onWebgl.has(kernelName) && !absentFromNode.has(kernelName)) {
      tf.registerKernel({ ...kernel, backendName: backend });
    }
  }
  await tf.setBackend(backend);
});

it('lacks what the others lack', () => {
  expect(tf.getBackend()).toBe(backend);
  expect(tf.getKernel('Conv2D', backend)).toBeDefined();
  expect(tf.getKernel('MaxPoolWithArgmax', backend)).toBeUndefined();
});

it.each(
  gradientFamilies
    .flatMap(({ cases }) => cases)
    .filter(({ unrepaired, needs }) => unrepaired === undefined && needs === undefined),
)('$name', async ({ trials }) => {
  const { first, second } = await measure(trials[0]!, expectedGradients(trials[0]!));
  expect([first, isRight(first)]).toEqual([first, true]);
  expect([second, isRight(second)]).toEqual([second, true]);
});
