import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import type { Batch } from './contracts';
import { mapSample } from './map-sample';

it('changes a lone tensor, each member of a record by name, and leaves out what is not there', () => {
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const double = (x: tf.Tensor) => tf.mul(x, 2);
    expect(mapSample(tf.tensor1d([1, 2]), double).arraySync()).toEqual([2, 4]);
    const names: (string | undefined)[] = [];
    const record = { a: tf.scalar(1), b: tf.scalar(3) };
    const changed = mapSample(record, (x, name) => {
      names.push(name);
      return double(x);
    });
    expect(names).toEqual(['a', 'b']);
    expect([changed.a.arraySync(), changed.b.arraySync()]).toEqual([2, 6]);
    expect(record.a.arraySync()).toBe(1);
    const batch = { images: tf.ones([1, 1, 1, 1]), other: undefined } as Batch;
    const { images, other } = mapSample(batch, double);
    expect([images.dataSync()[0], other]).toEqual([2, undefined]);
  });
  expect(tf.memory().numTensors).toBe(before);
});
