import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { captureOutput } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeBackends } from './describe-backends';
import { describeTensorflow } from './describe/describe-tensorflow';
import { describeWebgpu } from './describe/describe-webgpu';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ganloom-backends-'));
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Puts a package of one file where packages are looked for. */
function install(name: string, code: string, type: 'commonjs' | 'module' = 'commonjs'): void {
  const place = join(folder, 'node_modules', name);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'package.json'), JSON.stringify({ name, main: 'index.js', type }));
  writeFileSync(join(place, 'index.js'), code);
}

function installTensorflow(): void {
  const real = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs/package.json'));
  mkdirSync(join(folder, 'node_modules', '@tensorflow'), { recursive: true });
  symlinkSync(real, join(folder, 'node_modules', '@tensorflow', 'tfjs'), 'junction');
}

const from = () => join(folder, 'index.js');

async function describeAll() {
  const all = await describeBackends(from());
  return Object.fromEntries(all.map(({ name, ...description }) => [name, description]));
}

const onCpu = () => describeTensorflow('@tensorflow/tfjs-node', from());
const onGpu = () => describeTensorflow('@tensorflow/tfjs-node-gpu', from());

/** As the real one, it selects itself when it is loaded, and calls what Node 23 does not have. */
const tensorflow = (usesGpu: boolean) => `
  const tf = require('@tensorflow/tfjs');
  if (require('util').isNullOrUndefined(tf) || require('util').isArray(tf)) throw new Error('no');
  class Backend extends tf.KernelBackend { isUsingGpuDevice = ${usesGpu}; }
  tf.registerBackend('tensorflow', () => new Backend(), 3);
  tf.setBackend('tensorflow');
  console.error('chatter');
`;

const NOT_THERE = { isAvailable: false, trains: false };

it('says what is there, and how to get what is not', async () => {
  expect(await describeAll()).toEqual({
    wasm: {
      isAvailable: true,
      device: 'WebAssembly, relaxed SIMD',
      simd: { bits: 128, relaxed: true },
      threads: Math.min(availableParallelism(), 16),
      trains: true,
    },
    webgpu: {
      ...NOT_THERE,
      missing: 'the package @tensorflow/tfjs-backend-webgpu is not installed',
      remedy: 'npm install @tensorflow/tfjs-backend-webgpu@4.22.0 webgpu',
    },
    webgl: {
      ...NOT_THERE,
      missing: 'webgl works in browsers only',
      remedy: 'choose the wasm or webgpu backend here',
    },
    node: {
      ...NOT_THERE,
      missing: 'the package @tensorflow/tfjs-node is not installed',
      remedy: 'npm install @tensorflow/tfjs-node@4.22.0',
    },
    'node-gpu': {
      ...NOT_THERE,
      missing: 'the package @tensorflow/tfjs-node-gpu is not installed',
      remedy: 'npm install @tensorflow/tfjs-node-gpu@4.22.0',
    },
    cpu: {
      isAvailable: true,
      device: 'JavaScript',
      threads: 1,
      trains: true,
      note: 'about a thousand times slower than wasm',
    },
  });
});

it('leaves TensorFlow.js as it was, and says nothing', async () => {
  installTensorflow();
  install('@tensorflow/tfjs-node', tensorflow(false));
  await tf.setBackend('cpu');
  const { engine, memory } = tf;
  const state = () => ({
    selected: engine().backendName,
    registered: Object.keys(engine().registryFactory),
    started: Object.keys(engine().registry),
    tensors: memory().numTensors,
  });
  const before = state();
  const said = captureOutput();
  expect((await describeAll())['node']).toMatchObject({ isAvailable: true });
  expect(state()).toEqual(before);
  expect(said).toEqual([]);
});

it('describes libtensorflow on the CPU and on a GPU', async () => {
  installTensorflow();
  install('@tensorflow/tfjs-node', tensorflow(false));
  install('@tensorflow/tfjs-node-gpu', tensorflow(true));
  const [node, gpu] = await Promise.all([onCpu(), onGpu()]);
  expect(node).toEqual({
    isAvailable: true,
    device: 'CPU, libtensorflow',
    threads: availableParallelism(),
    trains: true,
  });
  expect(gpu).toMatchObject({ isAvailable: true, trains: true });
  expect(gpu.device).toMatch(/, libtensorflow$/);
});

it('says that there is no CUDA GPU', async () => {
  installTensorflow();
  install('@tensorflow/tfjs-node-gpu', tensorflow(false));
  expect(await onGpu()).toEqual({
    ...NOT_THERE,
    missing: 'libtensorflow finds no CUDA GPU',
    remedy: 'install the driver of NVIDIA, CUDA 11.2 and cuDNN 8.1',
  });
});

it('says why libtensorflow does not load', async () => {
  installTensorflow();
  // The words of the real package.
  install(
    '@tensorflow/tfjs-node',
    "throw new Error('The Node.js native addon module (tfjs_binding.node) can not be found at path: x')",
  );
  install('@tensorflow/tfjs-node-gpu', "process.kill(process.pid, 'SIGKILL')");
  const [node, gpu] = await Promise.all([onCpu(), onGpu()]);
  expect(node).toEqual({
    ...NOT_THERE,
    missing:
      'the package @tensorflow/tfjs-node is without libtensorflow, which its install step downloads',
    remedy: 'npm rebuild @tensorflow/tfjs-node',
  });
  expect(gpu).toEqual({
    ...NOT_THERE,
    missing: 'the package @tensorflow/tfjs-node-gpu does not load: its process ended with SIGKILL',
    remedy: 'see its own requirements',
  });
});

it('says that libtensorflow belongs to another copy', async () => {
  installTensorflow();
  install('@tensorflow/tfjs-node', '');
  expect(await onCpu()).toEqual({
    ...NOT_THERE,
    missing: '@tensorflow/tfjs-node belongs to another copy of @tensorflow/tfjs',
    remedy: 'npm install @tensorflow/tfjs-node@4.22.0 @tensorflow/tfjs@4.22.0',
  });
});

const dawn = (adapter: string) => `
  export const globals = {};
  export const create = () => ({ requestAdapter: async () => (${adapter}) });
`;

it('describes the GPU of Dawn', async () => {
  install('@tensorflow/tfjs-backend-webgpu', '');
  expect(await describeWebgpu(from())).toMatchObject({
    missing: 'the package webgpu is not installed',
  });
  install('webgpu', dawn('null'), 'module');
  expect(await describeWebgpu(from())).toEqual({
    ...NOT_THERE,
    missing: 'WebGPU finds no GPU',
    remedy: 'install its driver (on Linux that of Vulkan)',
  });
  install('webgpu', dawn("{ info: { vendor: 'acme', architecture: 'fast' } }"), 'module');
  expect(await describeWebgpu(from())).toEqual({
    isAvailable: true,
    device: 'acme fast',
    trains: true,
  });
  install('webgpu', dawn("{ info: { description: 'llvmpipe' } }"), 'module');
  expect(await describeWebgpu(from())).toMatchObject({
    device: 'llvmpipe',
    trains: true,
    note: 'a program on the CPU plays the GPU: wasm is many times faster',
  });
});

describe('in a page with a `process` of its bundler', () => {
  const info = { vendor: 'acme' };
  const page = (requestAdapter: () => Promise<unknown>) => {
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
    vi.stubGlobal('navigator', { gpu: { requestAdapter } });
  };
  afterEach(() => vi.unstubAllGlobals());

  it('describes what pages have', async () => {
    page(async () => ({ info }));
    const all = await describeAll();
    expect(all['webgpu']).toEqual({
      isAvailable: true,
      device: 'acme',
      trains: true,
      note: "it needs the package @tensorflow/tfjs-backend-webgpu, if that is not in the page's bundle yet",
    });
    expect(all['node']).toMatchObject({
      ...NOT_THERE,
      missing: '@tensorflow/tfjs-node works in Node only',
    });
  });

  it('describes the others when one cannot be looked at', async () => {
    page(async () => Promise.reject(new Error('blocked')));
    const all = await describeAll();
    expect(all['webgpu']).toEqual({
      ...NOT_THERE,
      missing: 'looking for it fails: blocked',
      remedy: "useBackend('webgpu') may say more",
    });
    expect(all['cpu']).toMatchObject({ isAvailable: true });
  });
});
