import { GanloomError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, expect, it, vi } from 'vitest';
import { useBackend } from './use-backend';

class Backend extends tf.KernelBackend {
  constructor(readonly isUsingGpuDevice: boolean) {
    super();
  }
  override dispose(): void {}
}

/** As the real packages, this one registers and selects itself when it is loaded. */
function mockPackage(name: string, usesGpu: boolean, isSameCopy = true): void {
  vi.doMock(name, () => {
    if (isSameCopy) {
      tf.registerBackend('tensorflow', () => new Backend(usesGpu), 3);
      void tf.setBackend('tensorflow');
    }
    return { version: { 'tfjs-node': '4.22.0' } };
  });
}

afterEach(async () => {
  vi.doUnmock('@tensorflow/tfjs-node');
  vi.doUnmock('@tensorflow/tfjs-node-gpu');
  await tf.setBackend('cpu');
  if (tf.findBackendFactory('tensorflow')) tf.removeBackend('tensorflow');
});

it('starts libtensorflow, and says its version', async () => {
  mockPackage('@tensorflow/tfjs-node', false);
  expect(await useBackend('node')).toEqual({
    name: 'node',
    tfjsName: 'tensorflow',
    device: 'CPU, libtensorflow',
    versions: { '@tensorflow/tfjs': '4.22.0', '@tensorflow/tfjs-node': '4.22.0' },
  });
});

it('does not replace a GPU by the CPU, and leaves the backend that was selected', async () => {
  await tf.setBackend('cpu');
  mockPackage('@tensorflow/tfjs-node-gpu', false);
  await expect(useBackend('node-gpu')).rejects.toThrow(
    new GanloomError(
      'useBackend: libtensorflow finds no CUDA GPU; install the driver of NVIDIA, CUDA 11.2 and cuDNN ' +
        '8.1, or choose the wasm backend',
    ),
  );
  expect(tf.getBackend()).toBe('cpu');
});

it('says that a package belongs to another copy of TensorFlow.js', async () => {
  vi.resetModules();
  mockPackage('@tensorflow/tfjs-node', false, false);
  await expect(useBackend('node')).rejects.toThrow(
    'useBackend: @tensorflow/tfjs-node belongs to another copy of @tensorflow/tfjs; ' +
      'npm install @tensorflow/tfjs-node@4.22.0 @tensorflow/tfjs@4.22.0',
  );
});
