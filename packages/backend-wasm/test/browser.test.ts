import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromiumFlags, findChromium } from '@ganloom/config/chromium';
import * as tf from '@tensorflow/tfjs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build as buildPackage } from 'tsup';
import { build as buildApp } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BACKEND_NAME } from '../src/lib/kernels/kernel';
import { type Outcome, program } from './browser/program';
import { serveFolder } from './browser/serve-folder';

const executablePath = findChromium();
if (executablePath === undefined) {
  console.warn('Skipped: no Chromium found; install one, or set CHROMIUM_PATH');
}

/** Without relaxed SIMD, every engine gives the same bits. */
const portable = { relaxedSimd: false };

describe.skipIf(executablePath === undefined)('in Chromium, bundled by Vite', () => {
  const own = fileURLToPath(new URL('../', import.meta.url));
  // Inside the package, where TensorFlow.js can be found.
  let app: string;
  let browser: Browser;
  let server: Server;
  let inNode: Outcome;

  beforeAll(async () => {
    app = mkdtempSync(join(own, '.program-'));
    await makeApp(own, app);
    server = await serveFolder(join(app, 'dist'), {
      '/isolated/': {
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
      },
      '/plain/': {},
    });
    browser = await chromium.launch({
      executablePath: executablePath!,
      args: [...chromiumFlags, '--disable-gpu'],
    });
    inNode = await program({ threads: 2, ...portable });
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    server?.close();
    rmSync(app, { recursive: true, force: true });
    if (tf.findBackendFactory(BACKEND_NAME) !== null) tf.removeBackend(BACKEND_NAME);
  });

  async function open<T>(path: '/isolated/' | '/plain/', use: (page: Page) => Promise<T>) {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    const { port } = server.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}${path}index.html`);
    const result = await use(page);
    expect(errors).toEqual([]);
    await page.close();
    return result;
  }

  function checkOutcome({ gradientError, losses, checksum }: Outcome) {
    // Sums of 16 to 400 float32 products, in another order.
    expect(gradientError).toBeLessThan(1e-5);
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
    expect({ losses, checksum }).toEqual({ losses: inNode.losses, checksum: inNode.checksum });
  }

  it('Node computes the gradients of the cpu backend and learns', () => {
    expect(inNode.info).toMatchObject({ threads: 2, relaxedSimd: false });
    checkOutcome(inNode);
  });

  it('runs on two threads in a cross-origin isolated page, with the bits of Node', async () => {
    const outcome = await open('/isolated/', (page) =>
      page.evaluate(here, { threads: 2, ...portable }),
    );
    expect(outcome.info).toMatchObject({ threads: 2, relaxedSimd: false });
    expect(outcome.info).not.toHaveProperty('threadsNote');
    checkOutcome(outcome);
  });

  it('runs on two threads in a Web Worker of such a page', async () => {
    const outcome = await open('/isolated/', (page) =>
      page.evaluate(inWorker, { threads: 2, ...portable }),
    );
    expect(outcome.info).toMatchObject({ threads: 2 });
    checkOutcome(outcome);
  });

  it.each([
    ['a page that is not isolated', here],
    ['a Web Worker of a page that is not isolated', inWorker],
  ])('runs on one thread in %s, and says why', async (_, run) => {
    const outcome = await open('/plain/', (page) =>
      page.evaluate(run, { threads: 2, ...portable }),
    );
    expect(outcome.info).toMatchObject({
      threads: 1,
      threadsNote: expect.stringMatching(/^the page is not cross-origin isolated; serve it with/),
    });
    checkOutcome(outcome);
  });

  it('has relaxed SIMD where nothing else is asked for', async () => {
    const { info, gradientError } = await open('/isolated/', (page) => page.evaluate(here, {}));
    expect(info.relaxedSimd).toBe(true);
    expect(info.threads).toBe(Math.min(16, availableParallelism()));
    expect(gradientError).toBeLessThan(1e-5);
  });
});

/** Run in the page. */
const here: typeof program = (options) => window.runHere(options);
const inWorker: typeof program = (options) => window.runInWorker(options);

/** An app as a user has it: the built package in node_modules, bundled by Vite without a plugin. */
async function makeApp(own: string, app: string): Promise<void> {
  const installed = join(app, 'node_modules/@ganloom/backend-wasm');
  mkdirSync(installed, { recursive: true });
  cpSync(join(own, 'package.json'), join(installed, 'package.json'));
  // Without it, the app would be part of this package.
  writeFileSync(join(app, 'package.json'), '{ "name": "app", "type": "module" }');
  await buildPackage({
    entry: [join(own, 'src/index.ts')],
    outDir: join(installed, 'dist'),
    format: ['esm'],
    dts: false,
    config: false,
    silent: true,
  });
  cpSync(join(own, 'test/browser'), join(app, 'src'), { recursive: true });
  await buildApp({
    root: join(app, 'src/page'),
    base: './',
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: join(app, 'dist'),
      // Its polyfill wants a document, which a worker has not.
      modulePreload: false,
      reportCompressedSize: false,
    },
  });
}
