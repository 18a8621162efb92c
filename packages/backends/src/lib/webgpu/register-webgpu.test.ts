import { GanloomError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { registerWebgpu, requiredLimits } from './register-webgpu';
import type { Adapter, Device, Gpu, WebgpuModule } from './webgpu-types';

afterEach(() => {
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
});

it('asks for what the adapter has, and for no more buffers than a shader can use', () => {
  const limits = { maxBufferSize: 4e9, maxStorageBuffersPerShaderStage: 500_000, maxBindGroups: 8 };
  expect(requiredLimits({ limits })).toEqual({
    maxBufferSize: 4e9,
    maxStorageBuffersPerShaderStage: 16,
  });
  expect(requiredLimits({ limits: { maxStorageBuffersPerShaderStage: 10 } })).toEqual({
    maxStorageBuffersPerShaderStage: 10,
  });
});

/** A GPU that notes what it is asked for, and the backend on its device. */
function fake(features: readonly string[]) {
  const asked: unknown[] = [];
  const device = {} as Device;
  const adapter: Adapter = {
    info: { vendor: 'acme' },
    features: new Set(features),
    limits: { maxBufferSize: 7 },
    async requestDevice(descriptor) {
      asked.push(descriptor);
      return device;
    },
  };
  const gpu: Gpu = {
    async requestAdapter(options) {
      asked.push(options);
      return adapter;
    },
  };
  class Backend extends tf.KernelBackend {
    constructor(
      readonly device: Device,
      readonly info: unknown,
    ) {
      super();
    }
  }
  const stock = { WebGPUBackend: Backend } as unknown as WebgpuModule;
  return { asked, device, gpu, stock };
}

it('starts the backend on a device with higher limits', async () => {
  const { asked, device, gpu, stock } = fake(['timestamp-query', 'shader-f16']);
  tf.env().registerFlag('WEBGPU_USE_LOW_POWER_GPU', () => false);
  await registerWebgpu(gpu, stock);
  const backend = await tf.findBackendFactory('webgpu')();
  expect(backend).toMatchObject({ device, info: { vendor: 'acme' } });
  expect(asked).toEqual([
    { powerPreference: 'high-performance' },
    { requiredFeatures: ['timestamp-query'], requiredLimits: { maxBufferSize: 7 } },
  ]);
});

it('says where there is no GPU', async () => {
  await registerWebgpu({ requestAdapter: async () => null }, fake([]).stock);
  await expect(tf.findBackendFactory('webgpu')()).rejects.toThrow(
    new GanloomError(
      'useBackend: WebGPU finds no GPU; install its driver (on Linux that of Vulkan), or choose the wasm backend',
    ),
  );
});

describe('a backend that runs', () => {
  let lose: () => void;
  beforeEach(async () => {
    const lost = new Promise<void>((resolve) => (lose = resolve));
    class Running extends tf.KernelBackend {
      readonly device = { lost };
      override dispose(): void {}
    }
    tf.registerBackend('webgpu', () => new Running());
    await tf.setBackend('webgpu');
  });
  afterEach(() => tf.setBackend('cpu'));

  it('stays as it is', async () => {
    const { gpu, stock } = fake([]);
    const factory = tf.findBackendFactory('webgpu');
    await registerWebgpu(gpu, stock);
    expect(tf.findBackendFactory('webgpu')).toBe(factory);
  });

  it('is replaced when its device is lost', async () => {
    const { asked, device, gpu, stock } = fake([]);
    lose();
    await registerWebgpu(gpu, stock);
    expect(tf.engine().registry).not.toHaveProperty('webgpu');
    expect(await tf.findBackendFactory('webgpu')()).toMatchObject({ device });
    expect(asked.length).toBe(2);
  });
});
