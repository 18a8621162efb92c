import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');

/** What needs Node, a name it exports, and what a page imports instead. */
const entries = [
  ['@ganloom/cli', 'runRecipe', '@ganloom/recipes'],
  ['@ganloom/datasets/node', 'mnist', '@ganloom/datasets'],
  ['@ganloom/images/node', 'decodePicture', '@ganloom/images'],
  ['@ganloom/report/node', 'liveView', '@ganloom/report'],
  ['@ganloom/storage/node', 'diskStore', '@ganloom/storage'],
] as const;
const folderOf = (entry: string) => entry.split('/')[1]!;

describe('a page that imports what needs Node', () => {
  let project: string;
  beforeAll(() => {
    project = mkdtempSync(join(tmpdir(), 'ganloom-refuse-'));
    for (const [entry] of entries) install(folderOf(entry));
  }, 120_000);
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  /** A package as it is published. */
  function install(folder: string) {
    const own = join(root, 'packages', folder);
    const installed = join(project, 'node_modules', '@ganloom', folder);
    const tsup = join(dirname(createRequire(join(own, 'x.js')).resolve('tsup')), 'cli-default.js');
    const { status, stderr } = spawnSync(
      process.execPath,
      [tsup, '--silent', '--out-dir', join(installed, 'dist')],
      { cwd: own, encoding: 'utf8' },
    );
    expect([status, stderr]).toEqual([0, '']);
    const manifest = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8')) as {
      publishConfig: { exports: object };
    };
    const published = JSON.stringify({ ...manifest, exports: manifest.publishConfig.exports });
    writeFileSync(join(installed, 'package.json'), published);
  }

  it.each(entries)('%s is told so, and what to import', async (entry, name, instead) => {
    const { outputFiles } = await build({
      stdin: { contents: `import { ${name} } from '${entry}'; ${name}();`, resolveDir: project },
      bundle: true,
      write: false,
      logLevel: 'silent',
      format: 'iife',
      platform: 'browser',
      alias: { '@ganloom/core': join(root, 'packages', 'core', 'src', 'lib', 'errors.ts') },
    });
    expect(() => runInThisContext(outputFiles[0]!.text)).toThrow(
      `${entry}: this entry needs Node; in a page import ${instead}`,
    );
  });
});
