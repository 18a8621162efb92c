import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WasmBackendError } from './errors';
import { probeWasm } from './probe-wasm';
import { startRuntime } from './runtime';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it('says what a start uses then', async () => {
  const probed = await probeWasm();
  const runtime = await startRuntime({});
  expect(runtime).toMatchObject(probed);
  expect(probed).toEqual({ threads: runtime.threads, relaxedSimd: runtime.relaxedSimd });
  runtime.stop();
});

it('sets no flag of the engine, and loads no TensorFlow.js', async () => {
  const folder = mkdtempSync(fileURLToPath(new URL('../../.probe-', import.meta.url)));
  try {
    await build({
      entry: [fileURLToPath(new URL('../probe.ts', import.meta.url))],
      outDir: folder,
      format: ['esm'],
      noExternal: [/^(?!node:)/],
      dts: false,
      config: false,
      silent: true,
    });
    const program = `
      import v8 from 'node:v8';
      import { syncBuiltinESMExports } from 'node:module';
      let flags = 0;
      v8.setFlagsFromString = () => void flags++;
      syncBuiltinESMExports();
      const { probeWasm } = await import('./probe.js');
      const { relaxedSimd } = await probeWasm();
      console.log(relaxedSimd, flags, '_tfGlobals' in globalThis);`;
    writeFileSync(join(folder, 'program.mjs'), program);
    const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'program.mjs')], {
      encoding: 'utf8',
    });
    expect([stdout, stderr]).toEqual(['true 0 false\n', '']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('in a page', () => {
  function page(globals: Readonly<Record<string, unknown>> = {}) {
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
    vi.stubGlobal('navigator', { hardwareConcurrency: 32 });
    vi.stubGlobal('crossOriginIsolated', true);
    vi.stubGlobal('Worker', class {});
    for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
  }

  it('that can have threads it counts them', async () => {
    page();
    expect(await probeWasm()).toEqual({ threads: 16, relaxedSimd: true });
  });

  it('without isolation it says why there is one', async () => {
    page({ crossOriginIsolated: false });
    expect(await probeWasm()).toMatchObject({
      threads: 1,
      threadsNote: expect.stringMatching(/^the page is not cross-origin isolated; serve it/),
    });
  });

  it('without shared memory it says so', async () => {
    page();
    vi.spyOn(WebAssembly, 'Memory').mockImplementation(function () {
      throw new RangeError('no shared memory');
    });
    expect(await probeWasm()).toMatchObject({
      threads: 1,
      threadsNote: 'the engine refuses shared WebAssembly memory: no shared memory',
    });
  });

  it('whose policy forbids WebAssembly it throws what a start would', async () => {
    page();
    const blocked = () => Promise.reject(new WebAssembly.CompileError('blocked'));
    vi.spyOn(WebAssembly, 'instantiate').mockImplementation(blocked);
    await expect(probeWasm()).rejects.toThrow(
      new WasmBackendError(
        "backend-wasm: the page's Content-Security-Policy forbids WebAssembly; add 'wasm-unsafe-eval' " +
          'to its script-src (blocked)',
      ),
    );
  });

  it('without SIMD or atomics it throws', async () => {
    page({ process: { ...process, versions: { node: '22.0.0' } } });
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
    await expect(probeWasm()).rejects.toThrow('this engine lacks WebAssembly SIMD or atomics');
  });
});
