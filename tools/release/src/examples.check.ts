import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Example, examplesOn } from '@ganloom/test-tools/example-errors';
import sharp from 'sharp';
import { transformWithEsbuild } from 'vite';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { makeProject, mustRun, optionalPeers, published, root, run, TFJS } from './packed';

const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
  ...published.map(({ folder }) => `${folder}/README.md`),
];
const examples = examplesOn(root, pages);

/** Why an example is not run; that its types are right is tested elsewhere. */
function reasonNotToRun({ place, code }: Example): string | undefined {
  if (place.startsWith('docs/write-your-own-gan.md')) return 'the tests of apps/variants do';
  if (/\bdocument\.|example\.org/.test(code)) return 'it needs a page: the starter is tried in one';
  if (/trainClassifier/.test(code)) return 'trains for minutes';
  if (/liveView|\bdeclare\b|checkKernels\('mine'/.test(code))
    return 'it waits for what its reader has';
  return undefined;
}

const toRun = examples.filter((example) => reasonNotToRun(example) === undefined);
let project: string;

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'ganloom-examples-'));
  await makeProject(project, inject('tarballs'), {
    wanted: published.map(({ name }) => name),
    others: { '@tensorflow/tfjs': TFJS, ...optionalPeers, vitest: '4.1.12' },
  });
  // What examples read.
  mkdirSync(join(project, 'photos'));
  const background = { r: 90, g: 140, b: 40 };
  const photograph = sharp({ create: { width: 160, height: 120, channels: 3, background } });
  await photograph.jpeg().toFile(join(project, 'photograph.jpg'));
  for (let i = 0; i < 8; i++) {
    const turned = photograph.clone().tint({ r: 30 * i, g: 90, b: 250 - 30 * i });
    await turned.png().toFile(join(project, 'photos', `${i}.png`));
  }
  const short = ['--steps', '2', '--filters', '4', '--batch', '8'];
  await mustRun('npx', ['dcgan', 'train', '--out', 'runs/mine', ...short], { cwd: project });
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

/** A few steps show that it works as well as thousands. */
const shortened = (code: string) =>
  code.replaceAll(/\bsteps: \d+/g, 'steps: 2').replaceAll(/part <= \d+/g, 'part <= 2');

describe.each(toRun)('the example at $place', ({ code }) => {
  it('runs', async () => {
    const isTest = /from 'vitest'/.test(code);
    const { code: javascript } = await transformWithEsbuild(shortened(code), 'example.ts');
    const file = isTest ? 'example.test.mjs' : 'example.mjs';
    writeFileSync(join(project, file), javascript);
    const ran = isTest
      ? await run('npx', ['vitest', 'run', file], { cwd: project })
      : await run(process.execPath, [file], { cwd: project });
    expect(ran.code, ran.err + ran.out).toBe(0);
    expect(ran.err).not.toMatch(/warning|deprecat/i);
  });
});

it('has an eye on most examples', () => {
  expect(toRun.length).toBeGreaterThan(0.7 * examples.length);
});
