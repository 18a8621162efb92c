import { type Dataset, UsageError } from '@ganloom/core';
import type { Uint8Dataset } from '@ganloom/datasets';
import { numbersTo } from './class-names';

/** A data set whose classes have names. */
export type LabeledDataset = Dataset & { readonly classNames: readonly string[] };

/**
 * The same data with names of classes; classes without names are called by their numbers.
 *
 * @throws UsageError if there are no classes.
 */
export function labeled(data: Dataset): LabeledDataset {
  const { labels } = data as Partial<Uint8Dataset>;
  const classNames = data.classNames ?? (labels && numbersTo(1 + largestOf(labels)));
  if (!classNames) {
    throw new UsageError(
      `the data set ${data.name} has no classes; give each example a label, or put the pictures of each class into a sub-folder of its own`,
    );
  }
  return { ...shown(data), classNames };
}

/** What a data set says of itself, whether it is an object or of a class. */
function shown(data: Dataset): Dataset {
  const { name, size, shapes, classNames } = data;
  const batch: Dataset['batch'] = (indices, random) => data.batch(indices, random);
  return { name, size, shapes, ...(classNames && { classNames }), batch };
}

function largestOf(labels: Int32Array): number {
  return labels.reduce((max, label) => Math.max(max, label), 0);
}

/** One example in so many is kept from training for the test, where a set has no test part. */
const HELD_OUT = 10;

/** All but every tenth example of a set, and every tenth. */
export function splitEveryTenth(data: Dataset): {
  readonly train: Dataset;
  readonly test: Dataset;
} {
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

function part(data: Dataset, which: string, indices: readonly number[]): Dataset {
  const chosen = (indices_: ArrayLike<number>) => Array.from(indices_, (i) => indices[i]!);
  return {
    ...shown(data),
    name: `${data.name}, ${which}`,
    size: indices.length,
    batch: (wanted, random) => data.batch(chosen(wanted), random),
  };
}
