import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type BrowserKind,
  type BrowserPage,
  type DrivenBrowser,
  findBrowser,
  howToInstall,
  launchBrowser,
  type LaunchOptions,
} from '@ganloom/test-tools/launch-browser';
import * as tf from '@tensorflow/tfjs';
import { build as buildPackage } from 'tsup';
import { build as buildApp } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BACKEND_NAME } from '../src/lib/kernels/kernel';
import { type Outcome, program } from './browser/program';
import { serveFolder } from './browser/serve-folder';

/** Without relaxed SIMD, every engine gives the same bits. */
const portable = { relaxedSimd: false };

const isolated = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};
const policy = (text: string) => ({ ...isolated, 'Content-Security-Policy': text });
const pages = {
  '/isolated/': isolated,
  '/plain/': {},
  '/strict/': policy(
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:",
  ),
  '/no-blob/': policy("default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"),
  '/no-wasm/': policy("default-src 'self'; worker-src 'self' blob:"),
};

interface Engine extends LaunchOptions {
  readonly name: string;
  readonly kind: BrowserKind;
  /** Why it has one thread even in an isolated page. */
  readonly threadsNote?: string;
}

const engines: readonly Engine[] = [
  { name: 'Chromium', kind: 'Chromium' },
  { name: 'Firefox', kind: 'Firefox' },
  {
    name: 'WebKitGTK as it comes',
    kind: 'WebKit',
    threadsNote:
      'this browser has no SharedArrayBuffer, though the page is cross-origin isolated; use another browser for threads',
  },
  // As Safari is.
  {
    name: 'WebKitGTK with SharedArrayBuffer',
    kind: 'WebKit',
    env: { JSC_useSharedArrayBuffer: '1' },
  },
];

// Inside the package, where TensorFlow.js can be found.
let app: string;
let server: Server;
let inNode: Outcome;

beforeAll(async () => {
  const own = fileURLToPath(new URL('../', import.meta.url));
  app = mkdtempSync(join(own, '.program-'));
  await makeApp(own, app);
  server = await serveFolder(join(app, 'dist'), pages);
  inNode = await program({ threads: 2, ...portable });
}, 120_000);

afterAll(() => {
  server?.close();
  rmSync(app, { recursive: true, force: true });
  if (tf.findBackendFactory(BACKEND_NAME) !== null) tf.removeBackend(BACKEND_NAME);
});

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

for (const { kind } of new Map(engines.map((engine) => [engine.kind, engine])).values()) {
  if (findBrowser(kind) === undefined) {
    console.warn(`Skipped: no ${kind} found; ${howToInstall[kind]}`);
  }
}

const found = engines.filter(({ kind }) => findBrowser(kind) !== undefined);

describe.each(found)('in $name, bundled by Vite', (engine) => {
  const { kind, threadsNote } = engine;
  let browser: DrivenBrowser;

  beforeAll(async () => {
    browser = await launchBrowser(kind, engine);
  }, 120_000);
  afterAll(() => browser?.close());

  async function open<T>(path: keyof typeof pages, use: (page: BrowserPage) => Promise<T>) {
    const page = await browser.newPage();
    try {
      const { port } = server.address() as AddressInfo;
      await page.goto(`http://127.0.0.1:${port}${path}index.html`);
      const result = await use(page);
      expect(await page.evaluate(() => window.errors, undefined)).toEqual([]);
      return result;
    } finally {
      await page.close();
    }
  }

  // Under WebDriver, one in fifty `new Worker()` in a worker of Firefox 153 does not return; elsewhere all do.
  const patience = { timeout: 60_000, retry: kind === 'Firefox' ? 2 : 0 };

  describe.each([
    ['a page', here],
    ['a Web Worker', inWorker],
  ])('in %s', patience, (_, run) => {
    const runIn = (path: keyof typeof pages) =>
      open(path, (page) => page.evaluate(run, { threads: 2, ...portable }));

    it.each(['/isolated/', '/strict/'] as const)(
      'runs on two threads at %s, with the bits of Node',
      async (path) => {
        const outcome = await runIn(path);
        const { threads, relaxedSimd } = outcome.info;
        expect({ threads, relaxedSimd, threadsNote: outcome.info.threadsNote }).toEqual({
          threads: threadsNote === undefined ? 2 : 1,
          relaxedSimd: false,
          threadsNote,
        });
        checkOutcome(outcome);
      },
    );

    it('runs on one thread where the page is not isolated, and says why', async () => {
      const outcome = await runIn('/plain/');
      expect(outcome.info).toMatchObject({
        threads: 1,
        threadsNote: expect.stringMatching(/^the page is not cross-origin isolated; serve it with/),
      });
      checkOutcome(outcome);
    });

    it('runs on one thread where a policy refuses workers from blobs, and says why', async () => {
      const outcome = await runIn('/no-blob/');
      expect(outcome.info).toMatchObject({
        threads: 1,
        threadsNote:
          threadsNote ??
          "a worker thread does not start: Web Workers from blob: addresses do not load; add blob: to the worker-src of the page's Content-Security-Policy",
      });
      checkOutcome(outcome);
    });

    it('says what to do where a policy forbids WebAssembly', async () => {
      await expect(runIn('/no-wasm/')).rejects.toThrow(
        "backend-wasm: the page's Content-Security-Policy forbids WebAssembly; add 'wasm-unsafe-eval' to its script-src (",
      );
    });
  });

  it('says before a start that a policy forbids WebAssembly', async () => {
    await expect(open('/no-wasm/', (page) => page.evaluate(probe, undefined))).rejects.toThrow(
      "backend-wasm: the page's Content-Security-Policy forbids WebAssembly; add 'wasm-unsafe-eval' to its script-src (",
    );
  });

  it.each(['/isolated/', '/plain/'] as const)(
    'says before a start what it uses at %s',
    async (path) => {
      const { probed, info } = await open(path, async (page) => ({
        probed: await page.evaluate(probe, undefined),
        ...(await page.evaluate(here, {})),
      }));
      const { threads, threadsNote, relaxedSimd } = info;
      expect(probed).toEqual({
        threads,
        relaxedSimd,
        ...(threadsNote !== undefined && { threadsNote }),
      });
    },
  );

  it('has relaxed SIMD and all threads where nothing else is asked for', async () => {
    const { info, gradientError, cores } = await open('/isolated/', async (page) => ({
      ...(await page.evaluate(here, {})),
      cores: await page.evaluate(() => navigator.hardwareConcurrency, undefined),
    }));
    // WebKitGTK 2.50 has none.
    expect(info.relaxedSimd || kind === 'WebKit').toBe(true);
    expect(info.threads).toBe(threadsNote === undefined ? Math.min(16, cores) : 1);
    expect(gradientError).toBeLessThan(1e-5);
  });
});

/** Run in the page. */
const probe = () => window.probe();
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
    entry: [join(own, 'src/index.ts'), join(own, 'src/probe.ts')],
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
