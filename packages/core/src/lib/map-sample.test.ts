import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { mapSample } from './map-sample';

it('changes a lone tensor, and each member of a record by name', () => {
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
  });
  expect(tf.memory().numTensors).toBe(before);
});
