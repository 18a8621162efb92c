import { type Dataset, UsageError } from '@ganloom/core';

/** A data set whose classes have names. */
export type LabeledDataset = Dataset & { readonly classNames: readonly string[] };

/**
 * The same data with names of classes; classes without names are called by their numbers.
 *
 * @throws UsageError if there are no classes.
 */
export function labeled(data: Dataset): LabeledDataset {
  const { labels } = data as { labels?: Int32Array };
  const classNames = data.classNames ?? (labels && numbersTo(labels));
  if (!classNames) {
    throw new UsageError(
      `the data set ${data.name} has no classes; give each example a label, or put the pictures of each class into a sub-folder of its own`,
    );
  }
  return { ...data, classNames };
}

function numbersTo(labels: Int32Array): string[] {
  const largest = labels.reduce((max, label) => Math.max(max, label), 0);
  return Array.from({ length: largest + 1 }, (_, i) => String(i));
}

/** One example in so many is kept from training for the test, where a set has no test part. */
const HELD_OUT = 10;

/** All but every tenth example of a set, and every tenth. */
export function splitEveryTenth<D extends Dataset>(
  data: D,
): { readonly train: D; readonly test: D } {
  const all = Array.from({ length: data.size }, (_, i) => i);
  return {
    train: part(
      data,
      'all but every tenth',
      all.filter((i) => i % HELD_OUT !== 0),
    ),
    test: part(
      data,
      'every tenth',
      all.filter((i) => i % HELD_OUT === 0),
    ),
  };
}

function part<D extends Dataset>(data: D, which: string, indices: readonly number[]): D {
  const { name, shapes, classNames } = data;
  const chosen = (indices_: ArrayLike<number>) => Array.from(indices_, (i) => indices[i]!);
  return {
    name: `${name}, ${which}`,
    size: indices.length,
    shapes,
    ...(classNames && { classNames }),
    batch: (wanted, random) => data.batch(chosen(wanted), random),
  } satisfies Dataset as Dataset as D;
}
