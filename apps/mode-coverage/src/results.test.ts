import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSummary } from './compare';
import { markdownTable } from './summary';

const app = join(import.meta.dirname, '..');

it('shows all results in the README, as compare prints them', async () => {
  const files = (await readdir(join(app, 'results'))).sort();
  const summaries = await Promise.all(files.map((file) => readSummary(join(app, 'results', file))));
  expect(summaries.length).toBeGreaterThan(0);
  expect(await readFile(join(app, 'README.md'), 'utf8')).toContain(markdownTable(summaries));
});
