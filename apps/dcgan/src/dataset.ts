import { type Dataset, UsageError } from '@ganloom/core';
import { fashionMnist, idxFolder, mnist } from '@ganloom/datasets/node';

export interface DatasetChoice {
  /** As the user wrote it. */
  readonly name: string;
  load(): Promise<Dataset>;
}

// Where Debian's package dataset-fashion-mnist puts it.
const FASHION_MNIST = '/usr/share/datasets/fashion-mnist';

/** Reads `mnist`, `fashion-mnist`, `fashion-mnist:FOLDER` or `idx:FOLDER`. Loads nothing yet. */
export function parseDataset(name: string): DatasetChoice {
  const colon = name.indexOf(':');
  const kind = colon < 0 ? name : name.slice(0, colon);
  const path = colon < 0 ? undefined : name.slice(colon + 1);
  if (kind === 'mnist' && path === undefined) {
    return { name, load: () => mnist({ split: 'train' }) };
  }
  if (kind === 'fashion-mnist' && path !== '') {
    return { name, load: () => fashionMnist({ split: 'train', path: path ?? FASHION_MNIST }) };
  }
  if (kind === 'idx' && path) {
    return { name, load: () => idxFolder(path) };
  }
  throw new UsageError(
    `--dataset must be mnist, fashion-mnist, fashion-mnist:FOLDER or idx:FOLDER, got "${name}"`,
  );
}
