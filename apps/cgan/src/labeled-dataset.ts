import { type Dataset, UsageError } from '@ganloom/core';
import { downloads, type NamedDatasetOptions, parseDataset } from '@ganloom/datasets/node';

/** A data set whose classes have names. */
export type LabeledDataset = Dataset & { readonly classNames: readonly string[] };

/** What a run's settings say of its data. */
export interface DatasetSettings {
  readonly dataset: string;
  /** Side of a folder's pictures, and whether they are read without color. */
  readonly size: number;
  readonly grey: boolean;
}

/**
 * Loads what `--dataset` names. Classes without names are called by their numbers.
 *
 * @throws UsageError if the pictures have no classes.
 */
export async function loadLabeled(
  { dataset: name, size, grey }: DatasetSettings,
  split: NamedDatasetOptions['split'] = 'train',
): Promise<LabeledDataset> {
  const data = await parseDataset(name).load({
    ...downloads(),
    split,
    size,
    channels: grey ? 1 : 3,
    onSkip: ({ file, reason }) => console.error(`skipped ${file}: ${reason}`),
  });
  const { labels } = data as { labels?: Int32Array };
  const classNames = data.classNames ?? (labels && numbersTo(labels));
  if (!classNames) {
    throw new UsageError(
      `--dataset ${name} has no classes; put the pictures of each class into a sub-folder of its own`,
    );
  }
  return { ...data, classNames };
}

function numbersTo(labels: Int32Array): string[] {
  const largest = labels.reduce((max, label) => Math.max(max, label), 0);
  return Array.from({ length: largest + 1 }, (_, i) => String(i));
}

/**
 * Which class a word means: one of the names, whatever the case, or a number counted from 0 where no
 * name is a number.
 *
 * @throws UsageError that names the classes.
 */
export function classNamed(word: string, classNames: readonly string[]): number {
  const plain = (name: string) => name.trim().toLowerCase();
  const found = classNames.findIndex((name) => plain(name) === plain(word));
  if (found >= 0) return found;
  const isNumber = (name: string) => /^\d+$/.test(name);
  if (isNumber(word) && Number(word) < classNames.length && !classNames.some(isNumber)) {
    return Number(word);
  }
  throw new UsageError(`--label must be one of ${classNames.join(', ')}; got "${word}"`);
}

/** One picture in so many of a data set without a test part is kept from training for the test. */
const HELD_OUT = 10;

/** What a classifier learns from and what it is tested on. Of a folder, every tenth picture is kept. */
export async function loadSplits(
  settings: DatasetSettings,
): Promise<{ readonly train: LabeledDataset; readonly test: LabeledDataset }> {
  const train = await loadLabeled(settings);
  if (!settings.dataset.startsWith('folder:')) {
    return { train, test: await loadLabeled(settings, 'test') };
  }
  const all = Array.from({ length: train.size }, (_, i) => i);
  return {
    train: part(
      train,
      'all but every tenth',
      all.filter((i) => i % HELD_OUT !== 0),
    ),
    test: part(
      train,
      'every tenth',
      all.filter((i) => i % HELD_OUT === 0),
    ),
  };
}

function part(data: LabeledDataset, which: string, indices: readonly number[]): LabeledDataset {
  const { name, imageShape, classNames } = data;
  return {
    name: `${name}, ${which}`,
    size: indices.length,
    imageShape,
    classNames,
    batch: (chosen, random) =>
      data.batch(
        Array.from(chosen, (i) => indices[i]!),
        random,
      ),
  };
}
