import * as tf from '@tensorflow/tfjs';
import { select, type StartBackend } from './backend';
import { importOptional } from './import-optional';
import { isNode } from './is-node';
import { type Unavailable, unavailableError } from './unavailable';
import { watchDevice } from './webgpu/device-errors';
import { noGpu, registerWebgpu } from './webgpu/register-webgpu';
import { repairWebgpu } from './webgpu/repair-webgpu';
import type { Gpu, WebgpuBackend, WebgpuModule } from './webgpu/webgpu-types';

/** The GPU through WebGPU: the browser's own, in Node that of the npm package `webgpu` (Dawn). */
export const startWebgpu: StartBackend = async () => {
  const gpu = currentGpu() ?? (await dawn());
  const adapter = await gpu.requestAdapter();
  if (!adapter) throw unavailableError(noGpu, 'choose the wasm backend');
  const stock = await importOptional('@tensorflow/tfjs-backend-webgpu', () =>
    // The `catch` tells bundlers to go on where this optional peer is not installed.
    // @ts-ignore: nor need it be for a build of this package.
    import('@tensorflow/tfjs-backend-webgpu').catch((error: unknown) => Promise.reject(error)),
  );
  await registerWebgpu(gpu, stock as unknown as WebgpuModule);
  repairWebgpu();
  await select('webgpu', 'update the driver, or choose the wasm backend');
  watchDevice(tf.backend() as WebgpuBackend);
  return { tfjsName: 'webgpu', device: nameOf(adapter) };
};

export const noWebgpu: Unavailable = {
  missing: 'this browser has no WebGPU',
  remedy: 'use one that has it over HTTPS',
};

/** What an adapter says of itself. */
export function nameOf({
  info = {},
}: {
  readonly info?: Readonly<Record<string, unknown>>;
}): string {
  const { vendor, architecture, description } = info;
  return (
    [vendor, architecture, description].filter(Boolean).join(' ') ||
    'a GPU that does not say its name'
  );
}

export const currentGpu = () => (globalThis.navigator as { gpu?: Gpu } | undefined)?.gpu;

async function dawn(): Promise<Gpu> {
  if (!isNode()) throw unavailableError(noWebgpu, 'choose webgl or wasm');
  // In a variable, so that bundlers for browsers leave it alone.
  const name = 'webgpu';
  const { create, globals } = (await importOptional(name, () => import(name))) as {
    create(options: string[]): Gpu;
    globals: object;
  };
  Object.assign(globalThis, globals);
  // Node 20 has no navigator; later ones have one without a GPU.
  if (typeof navigator === 'undefined') {
    Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  }
  const gpu = create([]);
  Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
  return gpu;
}
