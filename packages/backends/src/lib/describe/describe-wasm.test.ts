import { useWasm } from '@ganloom/backend-wasm';
import * as tf from '@tensorflow/tfjs';
import { afterEach, expect, it, vi } from 'vitest';
import { describeWasm } from './describe-wasm';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it('describes what starts', async () => {
  const described = await describeWasm();
  const { threads, relaxedSimd } = await useWasm();
  tf.removeBackend('ganloom-wasm');
  expect(described).toMatchObject({ isAvailable: true, threads });
  expect(described.simd).toEqual({ bits: 128, relaxed: relaxedSimd });
});

it('gives the reason and the remedy of a start that would fail', async () => {
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  vi.stubGlobal('process', { ...process, versions: { node: '22.0.0' } });
  const described = await describeWasm();
  vi.unstubAllGlobals();
  expect(described).toEqual({
    isAvailable: false,
    missing:
      'this engine lacks WebAssembly SIMD or atomics (Node ≥ 20 and browsers since 2021 have them)',
    remedy: 'update it or use another backend',
    trains: false,
  });
});

it('says why there is one thread', async () => {
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
  vi.stubGlobal('navigator', { hardwareConcurrency: 8 });
  const described = await describeWasm();
  expect(described).toMatchObject({
    threads: 1,
    note: expect.stringMatching(/^one thread, as the page is not cross-origin isolated; serve it/),
  });
});
