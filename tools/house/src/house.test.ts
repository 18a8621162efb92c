import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { build } from 'esbuild';
import { exampleErrors, examplesOn } from '@ganloom/test-tools/example-errors';
import { describe, expect, it } from 'vitest';
import { createVariant } from '../../../scripts/create-variant.mjs';
import { order, tools } from './order';

const root = join(import.meta.dirname, '..', '..', '..');
const packages = readdirSync(join(root, 'packages')).sort();
const manifest = (folder: string) =>
  JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
    name: string;
    private?: boolean;
    sideEffects?: boolean | string[];
    exports?: Record<string, string | { '@ganloom/source'?: string; browser?: object }>;
    publishConfig?: { exports?: object };
    dependencies?: Record<string, string>;
    devDependencies?: Record<string, string>;
  };
/** The folders of all that is published. */
const published = ['packages', 'apps']
  .flatMap((group) => readdirSync(join(root, group)).map((name) => `${group}/${name}`))
  .filter((folder) => existsSync(join(root, folder, 'package.json')))
  .filter((folder) => !manifest(folder).private);
const shortName = (name: string) => name.replace('@ganloom/', '');

describe('the house', () => {
  it('has a place for each package', () => {
    expect(order.toSorted()).toEqual(packages);
  });

  it.each(packages)('%s knows only what stands before it, in its tests too', (name) => {
    const { dependencies = {}, devDependencies = {} } = manifest(`packages/${name}`);
    const known = Object.keys({ ...dependencies, ...devDependencies })
      .filter((one) => one.startsWith('@ganloom/') || one === 'ganloom')
      .map(shortName)
      .filter((one) => !tools.includes(one));
    const later = known.filter((one) => order.indexOf(one) >= order.indexOf(name));
    expect(later).toEqual([]);
    // What is published must not need what is not.
    expect(
      Object.keys(dependencies)
        .map(shortName)
        .filter((one) => tools.includes(one)),
    ).toEqual([]);
  });

  it.each(published)('%s says where it comes from, and is built before it is packed', (folder) => {
    const text = (folder: string) =>
      JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Record<
        string,
        unknown
      >;
    const { repository, bugs } = text('.') as { repository: { url: string }; bugs: string };
    const web = repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
    const own = text(folder);
    expect(own).toMatchObject({
      homepage: `${web}/tree/HEAD/${folder}#readme`,
      bugs,
      repository: { ...repository, directory: folder },
      license: 'MIT',
      files: expect.arrayContaining(['dist', 'CHANGELOG.md']),
      scripts: {
        prepack: 'node ../../scripts/pack.mjs prepack',
        postpack: 'node ../../scripts/pack.mjs postpack',
      },
    });
    expect((own['keywords'] as string[]).length).toBeGreaterThanOrEqual(4);
    expect(own['keywords']).toContain('gan');
  });

  it.each(packages)('%s says what it is, to people and to bundlers', (name) => {
    expect(existsSync(join(root, 'packages', name, 'README.md'))).toBe(true);
    const { sideEffects } = manifest(`packages/${name}`);
    // A backend registers its kernels when it is imported, the suites a matcher; nothing else does anything.
    expect(sideEffects === false).toBe(!['backend-wasm', 'testing'].includes(name));
  });
});

/** Packages whose index a page cannot use. */
const forNode = ['cli'];

describe('the exports', () => {
  it.each(packages)('of %s are published as they are here, without sources', (name) => {
    const { exports: here = {}, publishConfig } = manifest(`packages/${name}`);
    const withoutSources = Object.entries(here).map(([path, forms]) => {
      if (typeof forms === 'string') return [path, forms];
      const { '@ganloom/source': source, ...others } = forms;
      expect(existsSync(join(root, 'packages', name, source!))).toBe(true);
      return [path, others];
    });
    expect(publishConfig?.exports).toEqual(Object.fromEntries(withoutSources));
  });

  it.each(packages)('of %s refuse in a page what needs Node', (name) => {
    const { exports: here = {} } = manifest(`packages/${name}`);
    const refused = Object.entries(here).filter(
      ([, forms]) => typeof forms === 'object' && 'browser' in forms,
    );
    const needNode = Object.keys(here).filter(
      (path) => path === './node' || (path === '.' && forNode.includes(name)),
    );
    expect(refused.map(([path]) => path)).toEqual(needNode);
  });
});

describe('the index', () => {
  it.each(packages.filter((name) => !forNode.includes(name)))(
    'of %s reaches no Node built-in',
    async (name) => {
      const reached: string[] = [];
      await build({
        entryPoints: [join(root, 'packages', name, 'src', 'index.ts')],
        bundle: true,
        write: false,
        logLevel: 'silent',
        format: 'esm',
        conditions: ['@ganloom/source'],
        plugins: [
          {
            name: 'outside',
            setup(builder) {
              builder.onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
                if (kind === 'dynamic-import') return { path, external: true };
                if (path.startsWith('node:')) {
                  reached.push(`${path} from ${importer.slice(root.length + 1)}`);
                  return { path, external: true };
                }
                // Only our own sources are looked into.
                if (path.startsWith('.') || path.startsWith('@ganloom/')) return undefined;
                return path === join(root, 'packages', name, 'src', 'index.ts')
                  ? undefined
                  : { path, external: true };
              });
            },
          },
        ],
      });
      expect(reached).toEqual([]);
    },
  );
});

/** What people read. */
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => !/node_modules|^api/.test(file))
    .map((file) => `docs/${file}`),
  ...['packages', 'apps'].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => `${group}/${name}/README.md`),
  ),
  'bench/README.md',
].filter((file) => file.endsWith('.md') && existsSync(join(root, file)));

it('no script of the root has the name of a command of pnpm, which would run in its place', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const { status } = spawnSync(join(root, 'node_modules', '.bin', 'pnpm'), ['--version']);
  expect(status).toBe(0);
  // Those that it hands to npm, too.
  const taken =
    'add audit bugs config create dedupe deploy dlx docs exec fetch help home import init install link list outdated owner pack ping prune publish rebuild remove repo root search set setup star store team token unlink unpublish update version view why'.split(
      ' ',
    );
  expect(Object.keys(scripts).filter((name) => taken.includes(name))).toEqual([]);
});

describe('links', () => {
  it.each(pages)('of %s lead somewhere', (file) => {
    const text = readFileSync(join(root, file), 'utf8').replaceAll(/```[\s\S]*?```/g, '');
    const dead = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)\s#]+)[^)]*\)/g)]
      .map(([, target]) => target!)
      .filter((target) => !existsSync(join(root, dirname(file), target)));
    expect(dead).toEqual([]);
  });
});

it('every example on a page stands alone: it type-checks as a module of its own', () => {
  // That page is held to files, below and by the tests of apps/variants.
  const examples = examplesOn(
    root,
    pages.filter((page) => page !== 'docs/write-your-own-gan.md'),
  );
  expect(examples.length).toBeGreaterThan(40);
  expect(exampleErrors(examples, join(root, 'tools', 'house'))).toEqual([]);
}, 120_000);

it('create-variant makes a variant, its test, its page, and a line in each list', () => {
  const like = join(root, 'apps', 'variants');
  // As deep as that, and ignored by git.
  mkdirSync(join(root, 'runs'), { recursive: true });
  const app = mkdtempSync(join(root, 'runs', 'variants-'));
  try {
    for (const name of readdirSync(like)) {
      if (name !== 'node_modules') cpSync(join(like, name), join(app, name), { recursive: true });
    }
    symlinkSync(join(like, 'node_modules'), join(app, 'node_modules'), 'junction');
    const made = createVariant('tilted-gan', app);
    expect(made.every((file) => existsSync(join(app, file)))).toBe(true);
    const added = ['src/tilted-gan.ts', 'src/tilted-gan.test.ts', 'docs/tilted-gan.md'];
    expect(made).toEqual([...added, 'src/recipe.ts', 'README.md']);
    for (const file of made) {
      expect(readFileSync(join(app, file), 'utf8')).toContain('tilted-gan');
      expect(readFileSync(join(app, file), 'utf8')).not.toMatch(/my-?gan|myLoss/i);
    }
    expect(() => createVariant('tilted-gan', app)).toThrow('is there already; take another name');
    expect(() => createVariant('../Mine', app)).toThrow('must be words of small letters');
    expect(() => createVariant('switch', app)).toThrow('no function can be called switch');
    expect(() => createVariant('my-loss', app)).not.toThrow();
    expect(readFileSync(join(app, 'src', 'my-loss.ts'), 'utf8')).toContain('function myLossLoss()');

    // Its own test, and those of every variant.
    const vitest = join(app, 'node_modules', '.bin', 'vitest');
    const { status, stdout } = spawnSync(vitest, ['run', '-t', 'tilted-gan'], {
      cwd: app,
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, expect.stringMatching(/Tests .*3 passed/)]);
  } finally {
    rmSync(app, { recursive: true });
  }
}, 60_000);

it('the page "Write your own GAN" has a recipe, an architecture and programs that type-check', () => {
  const page = readFileSync(join(root, 'docs', 'write-your-own-gan.md'), 'utf8');
  // The tests of apps/variants hold its `ts` blocks to the sources; these are whole files beside them.
  const files = page.replaceAll('```ts\n', '```\n').replaceAll('```typescript\n', '```ts\n');
  const like = join(root, 'apps', 'variants');
  const app = mkdtempSync(join(tmpdir(), 'house-'));
  try {
    cpSync(join(like, 'src'), join(app, 'src'), { recursive: true });
    copyFileSync(join(like, 'package.json'), join(app, 'package.json'));
    symlinkSync(join(like, 'node_modules'), join(app, 'node_modules'), 'junction');
    const base = join(root, 'tsconfig.base.json');
    writeFileSync(join(app, 'src', 'tsconfig.json'), JSON.stringify({ extends: base }));
    writeFileSync(join(app, 'src', 'page.md'), files);
    const examples = examplesOn(join(app, 'src'), ['page.md']);
    expect(examples.length).toBeGreaterThan(2);
    expect(exampleErrors(examples, join(app, 'src'))).toEqual([]);
  } finally {
    rmSync(app, { recursive: true });
  }
}, 60_000);

describe('the page "Troubleshooting"', () => {
  const page = readFileSync(join(root, 'docs', 'troubleshooting.md'), 'utf8');
  const firstCells = (heading: string) =>
    page
      .slice(page.indexOf(heading))
      .split('\n## ')[0]!
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .slice(1)
      .map((line) => line.split(' | ')[0]!.slice(2));
  const sources = packages.flatMap((name) =>
    readdirSync(join(root, 'packages', name, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => readFileSync(join(root, 'packages', name, 'src', file), 'utf8')),
  );
  // Long messages are put together of pieces.
  const all = sources
    .join('\n')
    .replaceAll(/['"`] \+\s*['"`]/g, '')
    .replaceAll(/\$\{[^}]*\}/g, '…');

  it('has messages that there are', () => {
    const parts = firstCells('## Messages')
      .flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, quoted]) => quoted!))
      .flatMap((message) => message.split('…').map((part) => part.trim()))
      .filter((part) => part.length > 3);
    expect(parts.length).toBeGreaterThan(10);
    expect(parts.filter((part) => !all.includes(part))).toEqual([]);
  });

  it('has all verdicts on a training', () => {
    const folder = join(root, 'packages', 'training', 'src', 'lib', 'health');
    const names = readdirSync(folder)
      .filter((file) => !file.endsWith('.test.ts'))
      .flatMap((file) => [
        ...readFileSync(join(folder, file), 'utf8').matchAll(/^ {4}name: '(.*)'/gm),
      ])
      .map(([, name]) => name!);
    expect(firstCells('## What looks wrong').toSorted()).toEqual(names.toSorted());
  });
});

it('the page "Events" has all fields of events, and all statistics', () => {
  const page = readFileSync(join(root, 'docs', 'events.md'), 'utf8');
  const sources = join(root, 'packages', 'training', 'src', 'lib');
  const events = readFileSync(join(sources, 'events.ts'), 'utf8');
  const interfaces = [...events.matchAll(/^export interface \w+Event \{\n([\s\S]*?)^\}/gm)];
  expect(interfaces.length).toBeGreaterThan(5);
  for (const [, body] of interfaces) {
    const type = /type: '(.*)'/.exec(body!)![1]!;
    const row = page.split('\n').find((line) => line.startsWith(`| \`${type}\` |`)) ?? '';
    const fields = [...body!.matchAll(/^ {2}readonly (\w+\??):/gm)].map(([, field]) => field!);
    const missing = fields.filter((field) => field !== 'type' && !row.includes(`\`${field}\``));
    expect([type, missing]).toEqual([type, []]);
  }
  // What the docs of `statistics` name.
  const docs = /\/\*\*((?:(?!\/\*\*)[\s\S])*?)\*\/\s*readonly statistics:/.exec(events)![1]!;
  const named = [...docs.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
  const statistics = named.filter((name) => name !== 'pictureDiversity');
  expect(statistics).toContain('classAgreement');
  const table = page.slice(page.indexOf('`statistics`:'));
  expect(statistics.filter((name) => !table.includes(`\`${name}\``))).toEqual([]);
});

describe('the page "Where do I put…"', () => {
  const page = readFileSync(join(root, 'docs', 'where-do-i-put.md'), 'utf8');
  const sections = page
    .split(/^## /m)
    .filter((section) => section.includes('```diff'))
    .map((section) => [section.slice(0, section.indexOf('\n')), section] as const);

  it.each(sections)('%s: what its diff keeps or removes is in the files', (_, section) => {
    const lines = [...section.matchAll(/^```diff\n([\s\S]*?)^```/gm)].flatMap(([, diff]) =>
      linesBefore(diff!),
    );
    expect(lines).not.toEqual([]);
    const stale = lines.filter(({ file, line }) => {
      const path = join(root, file);
      return !existsSync(path) || !readFileSync(path, 'utf8').split('\n').includes(line);
    });
    expect(stale).toEqual([]);
  });
});

/** The lines of a diff that are there without it, each with the file that a line ` // path` has named. */
function linesBefore(diff: string): { file: string; line: string }[] {
  let file = 'of no name';
  return diff.split('\n').flatMap((line) => {
    const named = /^ \/\/ ([\w./-]+\.\w+)(?::|$)/.exec(line);
    if (named) file = named[1]!;
    return !named && /^[ -]./.test(line) ? [{ file, line: line.slice(1) }] : [];
  });
}
