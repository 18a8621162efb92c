import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Dataset, UsageError } from '@ganloom/core';
import { idxFolder, type IdxSplit } from './idx-folder';
import { imageFolder } from './image-folder';
import { fashionMnist, mnist } from './mnist';
import type { SkippedFile } from './picture-files';

/** How to load a {@link NamedDataset}. */
export interface NamedDatasetOptions {
  /** Default 'train'. A folder has one part only. */
  readonly split?: IdxSplit;
  /** Side of the pictures of a folder, shrunk and cut in the middle to it; default 64. */
  readonly size?: number;
  /** Of the pictures of a folder; default 3. */
  readonly channels?: 1 | 3;
  /** Where sets that are not on this machine are kept once fetched. Default: nothing is fetched. */
  readonly cache?: string;
  /** Is told of each file before it is fetched. */
  readonly onFetch?: (url: string) => void;
  /** Is told of each file of a folder that is skipped. */
  readonly onSkip?: (skipped: SkippedFile) => void;
}

/** A data set as a command line names it. */
export interface NamedDataset {
  /** As the user wrote it. */
  readonly name: string;
  load(options?: NamedDatasetOptions): Promise<Dataset>;
}

// Where Debian's package dataset-fashion-mnist puts it.
const FASHION_MNIST = '/usr/share/datasets/fashion-mnist';

/**
 * Reads `mnist`, `fashion-mnist`, `fashion-mnist:FOLDER`, `idx:FOLDER` or `folder:FOLDER`, the values
 * of `--dataset`. Loads nothing yet.
 *
 * @throws UsageError for another name.
 */
export function parseDataset(text: string): NamedDataset {
  const { kind, path } = splitDatasetName(text);
  const named = (load: (options: NamedDatasetOptions) => Promise<Dataset>): NamedDataset => ({
    name: text,
    load: (options = {}) => load(options),
  });
  if (kind === 'mnist' && path === undefined) {
    return named(({ split = 'train' }) => mnist({ split }));
  }
  if (kind === 'fashion-mnist' && path !== '') {
    return named(({ split = 'train', cache, onFetch }) => {
      if (path !== undefined) return fashionMnist({ split, path });
      if (existsSync(FASHION_MNIST) || !cache) return fashionMnist({ split, path: FASHION_MNIST });
      const kept = join(cache, 'fashion-mnist');
      return fashionMnist({ split, path: kept, fetchMissing: true, ...(onFetch && { onFetch }) });
    });
  }
  if (kind === 'idx' && path) return named(({ split = 'train' }) => idxFolder(path, { split }));
  if (kind === 'folder' && path) {
    return named(async ({ split = 'train', size = 64, channels = 3, onSkip }) => {
      if (split === 'test') {
        throw new UsageError(`--dataset ${text} has no test part; name a folder of test pictures`);
      }
      return imageFolder(path, { size, channels, ...(onSkip && { onSkip }) });
    });
  }
  throw new UsageError(
    '--dataset must be mnist, fashion-mnist, fashion-mnist:FOLDER, idx:FOLDER or folder:FOLDER, ' +
      `got "${text}"`,
  );
}

/** What stands before and behind the first colon: `folder:C:\photos` is a path with another one. */
export function splitDatasetName(text: string): { kind: string; path: string | undefined } {
  const colon = text.indexOf(':');
  if (colon < 0) return { kind: text, path: undefined };
  return { kind: text.slice(0, colon), path: text.slice(colon + 1) };
}
