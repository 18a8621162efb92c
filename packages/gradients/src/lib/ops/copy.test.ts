import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { copy } from './copy';

beforeAll(async () => void (await tf.setBackend('cpu')));

it.each([tf.tensor1d([1.5, -0]), tf.tensor1d([3, -7], 'int32')])(
  'has value and type of %s',
  (x) => {
    const copied = tf.tidy(() => copy(x));
    expect([copied.dtype, copied.trainable]).toEqual([x.dtype, false]);
    expect([...copied.dataSync()]).toEqual([...x.dataSync()]);
    expect(copied.dataId).not.toBe(x.dataId);
    copied.dispose();
    expectNoLeak(() => copy(x).dispose());
  },
);
