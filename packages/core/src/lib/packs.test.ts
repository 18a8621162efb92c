import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { pack, unpack } from './packs';

beforeAll(() => tf.setBackend('cpu'));

it('puts examples side by side, and takes them apart again', () => {
  tf.tidy(() => {
    // Two positions, two channels: example e has values 10e, 10e + 1 | 10e + 2, 10e + 3.
    const values = [0, 1, 2, 3].flatMap((e) => [0, 1, 2, 3].map((v) => 10 * e + v));
    const examples = tf.tensor4d(values, [4, 1, 2, 2]);
    const packs = pack(examples, 2);
    const together = (a: number, b: number) => [a, a + 1, b, b + 1, a + 2, a + 3, b + 2, b + 3];
    expect(packs).toBeAllclose(
      tf.tensor4d([...together(0, 20), ...together(10, 30)], [2, 1, 2, 4]),
    );
    expect(unpack(packs, 2)).toBeAllclose(examples);
  });
});

it('takes what was said of packs apart', () => {
  tf.tidy(() => {
    // Two packs of three examples, two values of each.
    const said = tf.tensor2d([0, 1, 20, 21, 40, 41, 10, 11, 30, 31, 50, 51], [2, 6]);
    const expected = [0, 1, 10, 11, 20, 21, 30, 31, 40, 41, 50, 51];
    expect(unpack(said, 3)).toBeAllclose(tf.tensor2d(expected, [6, 2]));
    expect(pack(unpack(said, 3), 3)).toBeAllclose(said);
  });
});

it('packs columns of classes', () => {
  tf.tidy(() => {
    const packs = pack(tf.tensor1d([0, 1, 2, 3, 4, 5], 'int32'), 3);
    expect(packs).toBeAllclose(tf.tensor2d([0, 2, 4, 1, 3, 5], [2, 3], 'int32'));
  });
});

it('has each other for gradients', () => {
  tf.tidy(() => {
    const x = tf.tensor2d([1, 2, 3, 4, 5, 6, 7, 8], [4, 2]);
    const weights = tf.tensor2d([1, -2, 3, -4, 5, -6, 7, -8], [2, 4]);
    const gradient = tf.grad((v) => tf.sum(tf.mul(pack(v, 2), weights)))(x);
    expect(gradient).toBeAllclose(unpack(weights, 2));
  });
});

it('says what does not divide', () => {
  tf.tidy(() => {
    expect(() => pack(tf.zeros([5, 2]), 2)).toThrow(
      'pack: the batch must be a multiple of degree (=2), got 5',
    );
    expect(() => unpack(tf.zeros([5, 3]), 2)).toThrow(
      'unpack: the last dimension must be a multiple of degree (=2), got 3',
    );
  });
});

it('leaks nothing', () => {
  const x = tf.ones([4, 2]);
  expectNoLeak(() => pack(x, 2));
  expectNoLeak(() => unpack(x, 2));
  x.dispose();
});
