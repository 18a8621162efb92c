import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Dataset, UsageError } from '@ganloom/core';
import { idxFolder } from './idx-folder';
import { imageFolder } from './image-folder';
import { fashionMnist, mnist } from './mnist';
import {
  type LoadOptions,
  type NamedDataset,
  type PairsOptions,
  parseDatasetName,
  type PicturesOptions,
} from './named-dataset';
import { superResolutionPairs } from './super-resolution-pairs';

// Where Debian's package dataset-fashion-mnist puts it.
const FASHION_MNIST = '/usr/share/datasets/fashion-mnist';

/** The data sets that users may name. */
export const datasets: readonly NamedDataset[] = [
  { kind: 'mnist', path: 'none', pictures: (_, { split = 'train' }) => mnist({ split }) },
  {
    kind: 'fashion-mnist',
    path: 'optional',
    pictures(path, { split = 'train', cache, onFetch }) {
      if (path !== undefined) return fashionMnist({ split, path });
      if (existsSync(FASHION_MNIST) || !cache) return fashionMnist({ split, path: FASHION_MNIST });
      const kept = join(cache, 'fashion-mnist');
      return fashionMnist({ split, path: kept, fetchMissing: true, ...(onFetch && { onFetch }) });
    },
  },
  {
    kind: 'idx',
    path: 'required',
    pictures: (path, { split = 'train' }) => idxFolder(path!, { split }),
  },
  {
    kind: 'folder',
    path: 'required',
    hasTestPart: false,
    async pictures(path, { split = 'train', size = 64, channels = 3, onSkip }, name) {
      if (split === 'test') {
        throw new UsageError(
          `the data set ${name} has no test part; name a folder of test pictures`,
        );
      }
      return imageFolder(path!, { size, channels, ...(onSkip && { onSkip }) });
    },
    pairs: (path, options, name) => superResolutionPairs(path!, { name, ...options }),
  },
];

/** What is to be opened: pictures, or pairs of them at two resolutions. */
export type DatasetNeed =
  | ({ readonly kind: 'pictures'; readonly dataset: string } & Omit<
      PicturesOptions,
      keyof LoadOptions
    >)
  | ({ readonly kind: 'pairs'; readonly dataset: string } & Omit<PairsOptions, keyof LoadOptions>);

/** Opens a data set by its name. @throws UsageError if there is none of that name. */
export async function openDataset(
  need: DatasetNeed,
  known: readonly NamedDataset[] = datasets,
  options: LoadOptions = {},
): Promise<Dataset> {
  const { kind, dataset: name, ...own } = need;
  const { dataset, path } = parseDatasetName(name, kind, known);
  return need.kind === 'pictures'
    ? dataset.pictures!(path, { ...options, ...(own as PicturesOptions) }, name)
    : dataset.pairs!(path, { ...options, ...(own as PairsOptions) }, name);
}
