import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { undocumentedExports } from './undocumented';

const root = join(import.meta.dirname, '..', '..', '..');
const entries = readdirSync(join(root, 'packages'))
  .flatMap((name) =>
    ['index', 'node', 'web', 'testing'].map((entry) => `packages/${name}/src/${entry}.ts`),
  )
  .filter((file) => existsSync(join(root, file)));

it('every export says what it is', () => {
  expect(entries.length).toBeGreaterThan(20);
  expect(undocumentedExports(root, entries)).toEqual([]);
}, 60_000);

it('finds one that says nothing', () => {
  const file = 'tools/house/fixtures/silent.ts';
  expect(undocumentedExports(root, [file])).toEqual([`${file}: silent`, `${file}: twice`]);
}, 60_000);
