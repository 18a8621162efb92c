import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromiumFlags, findChromium } from '@ganloom/config/chromium';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { makeProject, TFJS } from './packed';
import { serveFolder } from './serve-folder';

const executablePath = findChromium();
if (executablePath === undefined) {
  console.warn('Skipped: no Chromium found; install one, or set CHROMIUM_PATH');
}

/** Trains for a few steps, in a page or in a worker, and says how it went. */
const PLAY = `
import { gan, uint8Dataset } from 'ganloom';
const pixels = Uint8Array.from({ length: 64 * 256 }, (_, i) => (i * 37) % 256);
const data = uint8Dataset({ name: 'mine', pixels, imageShape: { height: 16, width: 16, channels: 1 } });
export async function play() {
  const mine = await gan({ data });
  const { step } = await mine.train({ steps: 2 });
  const { pictures } = await mine.generate({ count: 2 });
  mine.dispose();
  return { step, shape: [...pictures.shape] };
}
`;

/** Threads need them. */
const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** Entries for Node alone, and a name of each. */
const NEED_NODE = [
  ['@ganloom/datasets', 'mnist'],
  ['@ganloom/images', 'decodePicture'],
  ['@ganloom/storage', 'diskStore'],
] as const;

describe.skipIf(executablePath === undefined)('a page of Vite, without plugins', () => {
  let folder: string;
  let project: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ganloom-page-'));
    project = join(folder, 'project');
    await makeProject(project, inject('tarballs'), {
      wanted: ['ganloom'],
      others: { '@tensorflow/tfjs': TFJS },
    });
    mkdirSync(join(project, 'src'));
    const write = (file: string, text: string) => writeFileSync(join(project, file), text);
    write('index.html', '<!doctype html><script type="module" src="/src/main.js"></script>');
    write('src/play.js', PLAY);
    write(
      'src/worker.js',
      `import { play } from './play.js';\nplay().then(postMessage, (error) => postMessage({ error: String(error) }));`,
    );
    write(
      'src/main.js',
      `import { play } from './play.js';
window.inPage = play;
window.needNode = {
${NEED_NODE.map(([name, part]) => `  '${name}': () => import('${name}/node').then((all) => all.${part}()),`).join('\n')}
};
window.inWorker = () => new Promise((resolve, reject) => {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = ({ message }) => reject(new Error(message));
});`,
    );
    await build({ root: project, logLevel: 'error', worker: { format: 'es' } });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs a script in the page; with what it and the page said. */
  async function inPage(script: string): Promise<{ done: unknown; said: string[] }> {
    const browser = await chromium.launch({ executablePath: executablePath!, args: chromiumFlags });
    try {
      const page = await browser.newPage();
      const said: string[] = [];
      page.on('console', (message) => {
        if (['warning', 'error'].includes(message.type())) said.push(message.text());
      });
      page.on('pageerror', (error) => said.push(String(error)));
      await serveFolder(page, join(project, 'dist'), ISOLATED);
      await page.goto('http://localhost/');
      await page.waitForFunction('window.inWorker !== undefined');
      const done: unknown = await page.evaluate(script);
      return { done, said: said.filter((text) => !text.includes('favicon')) };
    } finally {
      await browser.close();
    }
  }

  it.each(['inPage', 'inWorker'])('trains and draws, %s, without a word', async (where) => {
    expect(await inPage(`window.${where}()`)).toEqual({
      done: { step: 2, shape: [2, 16, 16, 1] },
      said: [],
    });
  });

  it.each(NEED_NODE)('%s/node says that it needs Node', async (name) => {
    const { done } = await inPage(`window.needNode['${name}']().catch(({ message }) => message)`);
    expect(done).toBe(`${name}/node: this entry needs Node; in a page import ${name}`);
  });
});
