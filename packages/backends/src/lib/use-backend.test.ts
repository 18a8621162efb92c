import { GanloomError, UsageError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { select } from './backend';
import { importOptional } from './import-optional';
import { startedBackend, useBackend } from './use-backend';

afterEach(() => vi.restoreAllMocks());

it('knows what it has started, as long as that is selected', async () => {
  expect(startedBackend()).toBeUndefined();
  const report = await useBackend('cpu', { onWarning: () => undefined });
  expect(startedBackend()).toBe(report);
  tf.registerBackend('other', () => new tf.KernelBackend());
  await tf.setBackend('other');
  expect(startedBackend()).toBeUndefined();
  await tf.setBackend('cpu');
});

it('starts the cpu backend when asked for it, with a warning', async () => {
  const warnings: string[] = [];
  const report = await useBackend('cpu', { onWarning: (message) => warnings.push(message) });
  expect(tf.getBackend()).toBe('cpu');
  expect(report).toEqual({
    name: 'cpu',
    tfjsName: 'cpu',
    device: 'JavaScript',
    threads: 1,
    versions: { '@tensorflow/tfjs': '4.22.0' },
  });
  expect(warnings).toEqual([
    'the cpu backend is plain JavaScript: it trains about a thousand times slower than wasm',
  ]);
});

it('names the choices when there is no such backend', async () => {
  const unknown = useBackend('cuda');
  await expect(unknown).rejects.toBeInstanceOf(UsageError);
  await expect(unknown).rejects.toThrow(
    'useBackend: backend must be one of wasm, webgpu, webgl, node, node-gpu, cpu, got "cuda"',
  );
  await expect(useBackend('toString')).rejects.toBeInstanceOf(UsageError);
});

it('starts our wasm backend by default, with the threads that are asked for', async () => {
  const report = await useBackend(undefined, { threads: 1 });
  expect(tf.getBackend()).toBe('ganloom-wasm');
  expect(report).toMatchObject({ name: 'wasm', tfjsName: 'ganloom-wasm', threads: 1 });
  expect(report.device).toMatch(/^WebAssembly, (relaxed )?SIMD$/);
  expect(await useBackend('wasm')).toEqual(report);
  await expect(useBackend('wasm', { threads: 2 })).rejects.toThrow(
    /^useWasm: the backend runs already with threads 1 and .*, got threads 2 and .*; set options at the first call$/,
  );
});

it('says that webgl needs a browser', async () => {
  await expect(useBackend('webgl')).rejects.toThrow(
    'webgl works in browsers only; choose the wasm',
  );
});

describe('importOptional', () => {
  it('says that a missing package is missing, and how to get it', async () => {
    const name = 'no-such-package-of-ganloom';
    const missing = importOptional(name, () =>
      Promise.reject(
        Object.assign(new Error(`Cannot find package '${name}' imported from x`), {
          code: 'ERR_MODULE_NOT_FOUND',
        }),
      ),
    );
    await expect(missing).rejects.toThrow(
      new GanloomError(
        `useBackend: the package ${name} is not installed; npm install ${name}, or choose the wasm backend`,
      ),
    );
  });

  it('says why a broken package does not load', async () => {
    const code = 'ERR_MODULE_NOT_FOUND';
    const broken = importOptional('outer', () =>
      Promise.reject(Object.assign(new Error("Cannot find package 'inner'"), { code })),
    );
    await expect(broken).rejects.toThrow(
      "useBackend: the package outer does not load: Cannot find package 'inner'; see its own requirements",
    );
  });
});

describe('select', () => {
  it('gives the reason for which a backend does not start', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    await tf.setBackend('cpu');
    tf.registerBackend('broken', async () => {
      throw new Error('no shared memory');
    });
    await expect(select('broken', 'serve it with COOP and COEP')).rejects.toThrow(
      'useBackend: the backend "broken" does not start: no shared memory; serve it with COOP and COEP',
    );
    expect(tf.getBackend()).toBe('cpu');
    await expect(select('unheard-of', 'x')).rejects.toThrow('does not start: ');
    tf.registerBackend('unavailable', async () => {
      throw new GanloomError('useBackend: no GPU; buy one');
    });
    await expect(select('unavailable', 'x')).rejects.toThrow(
      new GanloomError('useBackend: no GPU; buy one'),
    );
  });
});
