import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ganloomError, usageError } from '@ganloom/core';
import type { Uint8Dataset } from './array-dataset';
import { idxDataset } from './idx';

/** The part of a set that its files name `train` or `t10k`. */
export type IdxSplit = 'train' | 'test';

/** Settings of {@link idxFolder}. */
export interface IdxFolderOptions {
  /** 60,000 training or 10,000 test pictures in the MNIST family. Default 'train'. */
  readonly split?: IdxSplit;
  /** Default: the folder and the split. */
  readonly name?: string;
  readonly classNames?: readonly string[];
}

const PREFIX: Record<IdxSplit, string> = { train: 'train', test: 't10k' };

/**
 * A data set in a folder that holds the four files of MNIST or of a set published in its shape
 * (Fashion-MNIST, KMNIST, …):
 *
 * `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and
 * `t10k-labels-idx1-ubyte`, each with or without `.gz`, or with `.idx` in place of `-idx`.
 *
 * @throws GanloomError if a file is missing, unreadable, damaged, or not what its name says; UsageError for
 *   another split.
 */
export async function idxFolder(
  folder: string,
  { split = 'train', name = `${folder} ${split}`, classNames }: IdxFolderOptions = {},
): Promise<Uint8Dataset> {
  const where = `idxFolder ${folder}`;
  if (!Object.hasOwn(PREFIX, split)) {
    throw usageError(where, "split must be 'train' or 'test'", split);
  }
  const entries = await readdir(folder).catch((error: Error) => {
    throw ganloomError(where, 'the folder must be readable', error.message, 'check the path');
  });
  const load = async (stem: string) => {
    const [images, idx] = stem.split(/-(?=idx)/) as [string, string];
    const candidates = [stem, `${stem}.gz`, `${images}.${idx}`, `${images}.${idx}.gz`];
    const file = candidates.find((candidate) => entries.includes(candidate));
    if (file === undefined) {
      throw ganloomError(where, `needs ${stem} or ${stem}.gz`, listed(entries), 'add the file');
    }
    return readFile(join(folder, file)).catch((error: Error) => {
      throw ganloomError(where, `${file} must be readable`, error.message);
    });
  };
  const images = await load(`${PREFIX[split]}-images-idx3-ubyte`);
  const labels = await load(`${PREFIX[split]}-labels-idx1-ubyte`);
  return idxDataset({ name, images, labels, ...(classNames && { classNames }) });
}

function listed(entries: readonly string[]): string {
  if (entries.length === 0) return 'an empty folder';
  const more = entries.length > 8 ? `, … (${entries.length} entries)` : '';
  return entries.slice(0, 8).join(', ') + more;
}
