import { readFile } from 'node:fs/promises';
import { UsageError } from '@ganloom/core';
import { join } from 'node:path';
import { EXIT, type ProgramCommand } from '@ganloom/cli';
import { runNames } from '@ganloom/runs';
import { markdownTable, type Summary } from './summary';

export const compare: ProgramCommand = {
  name: 'compare',
  description: 'print one table, in Markdown, of what train found in several folders',
  operands: '<folder-or-summary...>',
  options: [],
  run: async (_, { args }) => {
    process.stdout.write(markdownTable(await Promise.all(args.map(readSummary))));
    return EXIT.done;
  },
};

/** What `train` found, read in its folder or in a copy of its `summary.json` of any name. */
export async function readSummary(path: string): Promise<Summary> {
  const file = path.endsWith('.json') ? path : join(path, runNames.summary);
  try {
    const summary: Summary = JSON.parse(await readFile(file, 'utf8'));
    if (Array.isArray(summary.seeds) && summary.settings) return summary;
    throw new Error('it is of another program or version');
  } catch (error) {
    throw new UsageError(
      `compare: ${path} must be a folder or summary.json made by train, but ${file} cannot be read: ${(error as Error).message}`,
    );
  }
}
