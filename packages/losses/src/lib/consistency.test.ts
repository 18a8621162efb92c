import { type Critique, RandomStream } from '@ganloom/core';
import { expectNoLeak, finiteDifference } from '@ganloom/test-tools';
import { termContext } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { consistency } from './consistency';
import { tinyDiscriminator } from '../../test/tiny-discriminator';

beforeAll(() => tf.setBackend('cpu'));

/** Exchanges left and right. */
const mirror = (images: tf.Tensor4D) => tf.reverse(images, 2);
const REAL = [0.4, -0.3, 1.1, 0.8];
const FAKE = [-0.7, 0.2, 0.3, -1.3];

it('is the mean squared change of the logits', () => {
  tf.tidy(() => {
    const critique = (x: tf.Tensor): Critique => ({
      logits: tf.slice(x, [0, 0, 0, 0], [2, 1, 1, 1]),
    });
    const [real, fake] = [tf.tensor(REAL, [2, 1, 2, 1]), tf.tensor(FAKE, [2, 1, 2, 1])];
    const context = termContext<tf.Tensor>({ real, fake, critique });
    // (0.7² + 0.3²)/2 and (0.9² + 1.6²)/2.
    expect(consistency({ augment: mirror }).value(context)).toBeAllclose(tf.scalar(0.29));
    const ofFakes = consistency({ augment: mirror, of: 'fake' });
    expect(ofFakes.value(context)).toBeAllclose([1.685]);
    expect(ofFakes).toMatchObject({
      name: 'consistency-fake',
      player: 'discriminator',
      weight: 10,
    });
  });
});

it('has the right gradient with respect to the weights of D', () => {
  const discriminator = tinyDiscriminator('softplus');
  tf.tidy(() => {
    const gradient = discriminator.gradient(() => {
      const real = tf.tensor(REAL, [2, 1, 2, 1]);
      const critique = (x: tf.Tensor) => ({ logits: discriminator.logits(x) });
      return consistency({ augment: mirror }).value(termContext({ real, fake: real, critique }));
    });
    const change = (w: ArrayLike<number>, [a, b]: number[]) =>
      discriminator.logit(w, [a!, b!]) - discriminator.logit(w, [b!, a!]);
    const expected = finiteDifference(
      (w) => (change(w, REAL.slice(0, 2)) ** 2 + change(w, REAL.slice(2)) ** 2) / 2,
      discriminator.weights,
    );
    // Differences of logits near each other, in float32.
    expect(gradient).toBeAllclose(expected, { rtol: 1e-4 });
  });
  discriminator.dispose();
});

it('changes the pictures of a record by the stream alone, and leaks nothing', () => {
  const real = { images: tf.tensor(REAL, [2, 1, 2, 1]), labels: tf.tensor1d([3, 4], 'int32') };
  const critique = ({ images, labels }: typeof real): Critique => {
    expect([...labels.dataSync()]).toEqual([3, 4]);
    return { logits: tf.clone(images) };
  };
  const augment = (images: tf.Tensor4D, random: RandomStream) =>
    tf.add(images, random.normal([2, 1, 1, 1]));
  const term = consistency({ augment });
  const at = (seed: number) => {
    const random = RandomStream.fromSeed(seed);
    return tf.tidy(() =>
      term.value(termContext({ real, fake: real, critique, random })).dataSync(),
    );
  };
  expect(at(1)).toEqual(at(1));
  expect(at(1)).not.toEqual(at(2));
  expect(at(1)[0]).toBeGreaterThan(0);
  const context = termContext({ real, fake: real, critique });
  const { logits } = context.realCritique();
  expectNoLeak(() => term.value(context));
  expect(logits.isDisposed).toBe(false);
  tf.dispose([real, logits]);
  expect(() => consistency({ augment, every: 0 })).toThrow('every must be a positive integer');
});
