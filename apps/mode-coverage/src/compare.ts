import { readFile } from 'node:fs/promises';
import { UsageError } from '@ganloom/core';
import type { ProgramCommand } from '@ganloom/training/cli';
import { EXIT, runFolder } from '@ganloom/training/node';
import { markdownTable, type Summary } from './summary';

export const compare: ProgramCommand = {
  name: 'compare',
  description: 'print one table, in Markdown, of what train found in several folders',
  operands: '<folder...>',
  options: [],
  run: async (_, { args }) => {
    process.stdout.write(markdownTable(await Promise.all(args.map(readSummary))));
    return EXIT.done;
  },
};

async function readSummary(folder: string): Promise<Summary> {
  try {
    const summary: Summary = JSON.parse(await readFile(runFolder(folder).summary, 'utf8'));
    if (Array.isArray(summary.seeds)) return summary;
    throw new Error('it is of another program');
  } catch (error) {
    throw new UsageError(
      `compare: ${folder} must be a folder made by train, but its summary.json cannot be read: ${(error as Error).message}`,
    );
  }
}
