import type { Batch, Dataset } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { checkDataset } from './check-dataset';

beforeAll(async () => void (await tf.setBackend('cpu')));

const SIZE = 5;

/** Example i is a picture of two pixels of tone i / 5, of class i mod 2. */
const tones: Dataset = {
  name: 'tones',
  size: SIZE,
  shapes: { images: [1, 2, 1], labels: [] },
  classNames: ['even', 'odd'],
  batch(indices) {
    const chosen = Array.from(indices);
    const wrong = chosen.find((i) => !Number.isInteger(i) || i < 0 || i >= SIZE);
    if (wrong !== undefined) throw new Error(`no example ${wrong}`);
    return {
      images: tf.tensor4d(
        chosen.flatMap((i) => [i / SIZE, i / SIZE]),
        [chosen.length, 1, 2, 1],
      ),
      labels: tf.tensor1d(
        chosen.map((i) => i % 2),
        'int32',
      ),
    };
  },
};

/** The data set with batches that are changed afterwards. */
function changed(change: (batch: Batch, indices: number[]) => Batch): Dataset {
  return {
    ...tones,
    async batch(indices) {
      const made = await tones.batch(indices);
      const result = tf.tidy(() => {
        const batch = change(made, Array.from(indices));
        return Object.fromEntries(Object.entries(batch).map(([name, x]) => [name, tf.clone(x)]));
      });
      tf.dispose({ ...made });
      return result;
    },
  };
}

it('passes a right data set, of whatever range', async () => {
  await checkDataset(tones);
  const wide = changed(({ images, labels }) => ({ images: tf.mul(images!, 5), labels: labels! }));
  await checkDataset(wide, { range: [0, 4] });
});

let count = 0;
it.each<[string, Dataset, string]>([
  ['a name', { ...tones, name: '' }, "not to be ''"],
  ['a size', { ...tones, size: 0 }, 'size 0'],
  ['a shape', { ...tones, shapes: { images: [2, 1, 1], labels: [] } }, 'to deeply equal'],
  ['a member', { ...tones, shapes: { images: [1, 2, 1] } }, 'to deeply equal'],
  [
    'a range',
    changed(({ images, labels }) => ({ images: tf.mul(images!, 2), labels: labels! })),
    'a value of images outside [-1, 1]',
  ],
  [
    'a class',
    { ...tones, size: 4, classNames: ['even'] },
    'a label that is no integer from 0 to 0',
  ],
  [
    'a type of labels',
    changed(({ images, labels }) => ({ images: images!, labels: tf.cast(labels!, 'float32') })),
    "expected 'float32' to be 'int32'",
  ],
  [
    'an order',
    changed(({ images, labels }, indices) => ({
      images: indices.length > 1 ? tf.zerosLike(images!) : images!,
      labels: labels!,
    })),
    'images of each index, in order',
  ],
  [
    'a repetition',
    changed(({ images, labels }) => ({
      images: tf.add(images!, tf.mul(1e-3, count++)),
      labels: labels!,
    })),
    'to deeply equal',
  ],
  ['a leak', { ...tones, batch: (indices) => (tf.scalar(1), tones.batch(indices)) }, 'undisposed'],
  [
    'an answer to an index outside',
    { ...tones, batch: (indices) => tones.batch(Array.from(indices, (i) => Math.min(i, 4))) },
    'batch must refuse the index 5',
  ],
])('refuses %s that is wrong', async (_, data, message) => {
  await expect(checkDataset(data)).rejects.toThrow(message);
});
