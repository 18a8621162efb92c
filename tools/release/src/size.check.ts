import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { libraries, makeProject, TFJS } from './packed';

let project: string;

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'ganloom-size-'));
  await makeProject(project, inject('tarballs'), {
    wanted: libraries.map(({ name }) => name),
    others: { '@tensorflow/tfjs': TFJS },
  });
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

/** Kilobytes of what a page loads for some exports, minified and gzipped, without TensorFlow.js. */
async function kilobytes(code: string): Promise<number> {
  const entry = join(project, 'entry.js');
  writeFileSync(entry, code);
  const built = await build({
    root: project,
    logLevel: 'error',
    configFile: false,
    build: {
      write: false,
      minify: 'esbuild',
      lib: { entry, formats: ['es'], fileName: 'entry' },
      rollupOptions: { external: /^@tensorflow\// },
    },
  });
  const outputs = [built].flat().flatMap((one) => ('output' in one ? one.output : []));
  // What is imported later is loaded later.
  return outputs
    .flatMap((one) => (one.type === 'chunk' && !one.isDynamicEntry ? [one.code] : []))
    .reduce((sum, text) => sum + gzipSync(text).length / 1000, 0);
}

it.each([
  ['one loss', 5, `export { hinge } from '@ganloom/losses';`],
  ['one penalty', 5, `export { r1 } from '@ganloom/losses';`],
  [
    'minibatch discrimination',
    5,
    `export { minibatchDiscriminationLayer } from '@ganloom/losses';`,
  ],
  ['one optimizer', 5, `export { adam } from '@ganloom/optimizers';`],
  ['a data set of arrays', 5, `export { uint8Dataset } from '@ganloom/datasets';`],
  ['drawing with a saved generator', 30, `export { loadGenerator } from 'ganloom';`],
  ['the backend', 90, `export { useWasm } from '@ganloom/backend-wasm';`],
  ['the front door', 60, `export * from 'ganloom';`],
])('%s is at most %d kB', async (_, most, code) => {
  const size = await kilobytes(code);
  console.log(`${size.toFixed(1)} kB: ${code}`);
  expect(size).toBeGreaterThan(0.2);
  expect(size).toBeLessThanOrEqual(most);
});
