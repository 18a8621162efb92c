import * as tf from '@tensorflow/tfjs';
import { type Unavailable, unavailableError } from '../unavailable';
import { isLost } from './device-errors';
import type { Adapter, Gpu, WebgpuBackend, WebgpuModule } from './webgpu-types';

/** Without these a device has the least that WebGPU asks for, whatever the GPU could do. */
const LIMITS = [
  'maxBufferSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
];

// Some drivers allow hundreds of thousands, and stock Concat would bind as many as there are.
const MOST_BUFFERS = 16;

/** As much of what an adapter has as the kernels can use. */
export function requiredLimits({ limits }: Pick<Adapter, 'limits'>): Record<string, number> {
  const names = LIMITS.filter((name) => limits[name] !== undefined);
  const wanted = Object.fromEntries(names.map((name) => [name, limits[name]!]));
  const { maxStorageBuffersPerShaderStage: buffers } = wanted;
  if (buffers !== undefined) {
    wanted['maxStorageBuffersPerShaderStage'] = Math.min(buffers, MOST_BUFFERS);
  }
  return wanted;
}

export const noGpu: Unavailable = {
  missing: 'WebGPU finds no GPU',
  remedy: 'install its driver (on Linux that of Vulkan)',
};

/**
 * Registers the stock backend once more, on a device with higher limits. One that runs already stays as
 * it is, unless its device is lost.
 */
export async function registerWebgpu(gpu: Gpu, { WebGPUBackend }: WebgpuModule): Promise<void> {
  const running = tf.engine().registry['webgpu'] as WebgpuBackend | undefined;
  if (running && !(await isLost(running.device))) return;
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
  const start = async () => {
    const powerPreference = tf.env().get('WEBGPU_USE_LOW_POWER_GPU')
      ? 'low-power'
      : 'high-performance';
    const adapter = await gpu.requestAdapter({ powerPreference });
    if (!adapter) throw unavailableError(noGpu, 'choose the wasm backend');
    const requiredFeatures = ['timestamp-query', 'bgra8unorm-storage'].filter((feature) =>
      adapter.features.has(feature),
    );
    const device = await adapter.requestDevice({
      requiredFeatures,
      requiredLimits: requiredLimits(adapter),
    });
    return new WebGPUBackend(device, adapter.info);
  };
  // As high as that of the stock one.
  tf.registerBackend('webgpu', start, 3);
}
