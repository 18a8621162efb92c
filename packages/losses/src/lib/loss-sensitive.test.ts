import { expectNoLeak, finiteDifference } from '@ganloom/test-tools';
import { termContext } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { lossSensitive } from './loss-sensitive';

beforeAll(() => tf.setBackend('cpu'));

const REAL = [0.5, -0.5, 1, 0, 0.2, 0.1];
const FAKE = [0.5, 0.5, -1, 0.5, 0.2, 0.3];
/** Sums of absolute differences: 1, 2.5 and 0.2. */
const MARGINS = [1, 2.5, 0.2];

const context = () =>
  termContext({
    real: { images: tf.tensor(REAL, [3, 1, 2, 1]) },
    fake: { images: tf.tensor(FAKE, [3, 1, 2, 1]) },
  });
const reference = (r: ArrayLike<number>, f: ArrayLike<number>, slope: number) =>
  MARGINS.reduce((sum, m, i) => sum + slope * Math.max(0, m - r[i]! + f[i]!) - r[i]!, 0) / 3;

// The first margin is kept, the others are not.
const [ON_REAL, ON_FAKE] = [
  [2, 0.3, -0.4],
  [-1, -0.2, 0.9],
];

it.each([1, 0.25])('is the formula of logits and samples, and has its slopes: λ = %d', (slope) => {
  tf.tidy(() => {
    const loss = lossSensitive({ slope });
    const seen = context();
    const d = (r: tf.Tensor, f: tf.Tensor) =>
      loss.discriminator({ logits: r }, { logits: f }, seen);
    const sides: [tf.Tensor, tf.Tensor] = [
      tf.tensor2d(ON_REAL, [3, 1]),
      tf.tensor2d(ON_FAKE, [3, 1]),
    ];
    expect(d(...sides)).toBeAllclose([reference(ON_REAL, ON_FAKE, slope)]);
    const [byReal, byFake] = tf.grads(d)(sides);
    expect(byReal!).toBeAllclose(finiteDifference((r) => reference(r, ON_FAKE, slope), ON_REAL));
    expect(byFake!).toBeAllclose(finiteDifference((f) => reference(ON_REAL, f, slope), ON_FAKE));
    const onFake = { logits: sides[1] };
    const noReal = () => {
      throw new Error('needs no critique of the real batch');
    };
    // −(−1 − 0.2 + 0.9) / 3
    expect(loss.generator(onFake, noReal, seen)).toBeAllclose([0.1]);
  });
});

it('leaks nothing, and says where it does not fit', () => {
  const seen = context();
  const logits = tf.zeros([3, 1]);
  expectNoLeak(() => lossSensitive().discriminator({ logits }, { logits }, seen));
  const packs = { logits: tf.zeros([1, 1]) };
  expect(() => lossSensitive().discriminator(packs, packs, seen)).toThrow(
    'lossSensitive: logits must have the shape [3] of the margins, got [1]; pack nothing',
  );
  const small = termContext({ real: { images: logits }, fake: { images: tf.zeros([3, 2]) } });
  expect(() => lossSensitive().discriminator({ logits }, { logits }, small)).toThrow(
    'lossSensitive: fakes must have the shape [3,1] of the real examples, got [3,2]; let the generator',
  );
  tf.dispose(small.fake);
  expect(() => lossSensitive({ slope: -1 })).toThrow('slope must be a number of at least 0');
  tf.dispose([logits, packs, seen.real, seen.fake]);
});
