import process from 'node:process';
import { useBackend } from '@ganloom/backends';
import {
  datasets as allDatasets,
  downloads,
  type NamedDataset,
  openDataset,
  parseDatasetName,
} from '@ganloom/datasets/node';
import type { Host } from '@ganloom/recipes';
import { diskStore } from '@ganloom/storage/node';

/** A recipe's host in Node: data come from files, lines go to the terminal. */
export function nodeHost(datasets: readonly NamedDataset[] = allDatasets): Host {
  return {
    backend: ({ backend, threads }) => useBackend(backend, { ...(threads && { threads }) }),
    open: (need) =>
      openDataset(need, datasets, {
        ...downloads(),
        onSkip: ({ file, reason }) => console.error(`warning: skipped ${file}: ${reason}`),
      }),
    hasTestPart: (name) => parseDatasetName(name, 'pictures', datasets).dataset.hasTestPart ?? true,
    place: diskStore,
    say: (line) => console.log(line),
    note(line) {
      // A bar of progress may stand in this line, and is drawn anew.
      if (process.stderr.isTTY) process.stderr.write('\r\u001B[K');
      console.error(line);
    },
    versions: { node: process.versions.node },
  };
}
