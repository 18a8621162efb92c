import { type Dataset, UsageError } from '@ganloom/core';
import type { IdxSplit } from './idx-folder';
import type { SkippedFile } from './picture-files';

/** How to load a data set of pictures by its name. */
export interface PicturesOptions extends LoadOptions {
  /** Default 'train'. A folder has one part only. */
  readonly split?: IdxSplit;
  /** Side of the pictures of a folder, shrunk and cut in the middle to it; default 64. */
  readonly size?: number;
  /** Of the pictures of a folder; default 3. */
  readonly channels?: 1 | 3;
}

/** How to load pairs of pictures at two resolutions by the name of their data set. */
export interface PairsOptions extends LoadOptions {
  readonly scale: number;
  readonly patch: number;
  readonly shorterSide?: number;
}

/** How a data set that is named is opened. */
export interface LoadOptions {
  /** Where sets that are not on this machine are kept once fetched. Default: nothing is fetched. */
  readonly cache?: string;
  /** Is told of each file before it is fetched. */
  readonly onFetch?: (url: string) => void;
  /** Is told of each file of a folder that is skipped. */
  readonly onSkip?: (skipped: SkippedFile) => void;
}

/** A data set that users call by a name, `mnist` or `folder:PATH`. */
export interface NamedDataset {
  /** What stands before the colon. */
  readonly kind: string;
  /** Whether a path stands behind it. */
  readonly path: 'none' | 'optional' | 'required';
  /** Whether there are pictures for the test beside those for training; default true. */
  readonly hasTestPart?: boolean;
  /** As single pictures, named `name`. */
  readonly pictures?: (
    path: string | undefined,
    options: PicturesOptions,
    name: string,
  ) => Promise<Dataset>;
  /** As pairs at two resolutions. */
  readonly pairs?: (
    path: string | undefined,
    options: PairsOptions,
    name: string,
  ) => Promise<Dataset>;
}

type Of = 'pictures' | 'pairs';

/** The forms that names may have, in words: `mnist, fashion-mnist[:FOLDER] or folder:FOLDER`. */
export function datasetForms(datasets: readonly NamedDataset[], of: Of): string {
  const forms = datasets
    .filter((one) => one[of] !== undefined)
    .map(({ kind, path }) => kind + { none: '', optional: '[:FOLDER]', required: ':FOLDER' }[path]);
  return forms.length < 2 ? forms.join('') : `${forms.slice(0, -1).join(', ')} or ${forms.at(-1)}`;
}

/**
 * What a name means. Loads nothing.
 *
 * @param where what users call the setting, for the message
 * @throws UsageError that lists the forms, for another name.
 */
export function parseDatasetName(
  text: string,
  of: Of,
  datasets: readonly NamedDataset[],
  where = 'dataset',
): { readonly dataset: NamedDataset; readonly path: string | undefined } {
  const { kind, path } = splitDatasetName(text);
  const dataset = datasets.find((one) => one.kind === kind && one[of] !== undefined);
  const fits =
    dataset !== undefined &&
    path !== '' &&
    !(dataset.path === 'none' && path !== undefined) &&
    !(dataset.path === 'required' && path === undefined);
  if (!fits) {
    throw new UsageError(`${where} must be ${datasetForms(datasets, of)}, got "${text}"`);
  }
  return { dataset, path };
}

/** What stands before and behind the first colon: `folder:C:\photos` is a path with another one. */
export function splitDatasetName(text: string): { kind: string; path: string | undefined } {
  const colon = text.indexOf(':');
  if (colon < 0) return { kind: text, path: undefined };
  return { kind: text.slice(0, colon), path: text.slice(colon + 1) };
}
