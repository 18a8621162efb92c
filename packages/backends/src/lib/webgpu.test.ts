import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { useBackend } from './use-backend';
import type { Device } from './webgpu/webgpu-types';

type Loss = Awaited<Device['lost']>;

/** Devices that were given out, and how each is lost. */
const losses: ((loss: Loss) => void)[] = [];
const adapter = {
  info: { vendor: 'acme' },
  features: new Set<string>(),
  limits: {},
  requestDevice: async () => ({
    limits: {},
    lost: new Promise<Loss>((resolve) => losses.push(resolve)),
  }),
};
let requestAdapter: () => Promise<typeof adapter | null> = async () => adapter;

/** Holds what it is given; a read of it is all that it does. */
class Backend extends tf.KernelBackend {
  readonly #values = new Map<object, tf.backend_util.BackendValues>();
  constructor(readonly device: Device) {
    super();
  }
  override write(values: tf.backend_util.BackendValues): object {
    const dataId = {};
    this.#values.set(dataId, values);
    return dataId;
  }
  override readSync = (dataId: object) => this.#values.get(dataId)!;
  override disposeData = () => true;
  override dispose(): void {}
  runWebGPUProgram(): void {}
}

beforeAll(() => {
  vi.doMock('@tensorflow/tfjs-backend-webgpu', () => ({ WebGPUBackend: Backend }));
  // The real package has them.
  for (const flag of ['WEBGPU_USE_LOW_POWER_GPU', 'WEBGPU_USE_NAIVE_CONV2D_TRANSPOSE']) {
    tf.env().registerFlag(flag, () => false);
  }
  vi.stubGlobal('navigator', { gpu: { requestAdapter: () => requestAdapter() } });
});

afterAll(async () => {
  await tf.setBackend('cpu');
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
  vi.doUnmock('@tensorflow/tfjs-backend-webgpu');
  vi.unstubAllGlobals();
});

it('starts again on another device when the one before is lost', async () => {
  expect(await useBackend('webgpu')).toMatchObject({ tfjsName: 'webgpu', device: 'acme' });
  const [first, x] = [tf.backend(), tf.tensor1d([1, 2])];
  expect([...x.dataSync()]).toEqual([1, 2]);
  await useBackend('webgpu');
  expect(tf.backend()).toBe(first);

  losses[0]!({ reason: 'unknown', message: 'a driver reset' });
  await Promise.resolve();
  expect(() => x.dataSync()).toThrow('webgpu: the device is lost: a driver reset;');
  await useBackend('webgpu');
  expect(losses.length).toBe(2);
  expect(tf.backend()).not.toBe(first);
  const y = tf.tensor1d([3, 4]);
  expect([...y.dataSync()]).toEqual([3, 4]);
  // What was on the device is gone.
  expect(() => x.dataSync()).toThrow('webgpu: the device is lost: a driver reset;');
  tf.dispose([x, y]);

  losses[1]!({ reason: 'unknown', message: 'another one' });
  requestAdapter = async () => null;
  await expect(useBackend('webgpu')).rejects.toThrow('useBackend: WebGPU finds no GPU;');
});
