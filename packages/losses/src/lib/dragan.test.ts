import type { Critique } from '@ganloom/core';
import { expectNoLeak, finiteDifference } from '@ganloom/test-tools';
import { termContext } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { dragan } from './dragan';
import { tinyDiscriminator } from '../../test/tiny-discriminator';

beforeAll(() => tf.setBackend('cpu'));

const halfSquare = (x: tf.Tensor): Critique => ({ logits: tf.mul(tf.sum(tf.square(x), 1), 0.5) });

it('is the penalty at real examples when there is no noise', () => {
  tf.tidy(() => {
    const real: tf.Tensor = tf.tensor2d([3, 4, 0, 1], [2, 2]);
    const context = termContext({ real, fake: tf.zeros([2, 2]), critique: halfSquare });
    expect(dragan({ noise: 0 }).value(context)).toBeAllclose(tf.scalar(8));
  });
});

it('adds noise in proportion to the spread of the batch', () => {
  tf.tidy(() => {
    // Mean 5, standard deviation 3.
    const values = Float32Array.from({ length: 4000 }, (_, i) => (i % 2 === 0 ? 2 : 8));
    const real = tf.tensor2d(values, [2000, 2]);
    const moved: tf.Tensor[] = [];
    const critique = (x: tf.Tensor): Critique => {
      moved.push(tf.keep(tf.sub(x, real)));
      return { logits: x };
    };
    dragan({ noise: 0.5 }).value(termContext<tf.Tensor>({ real, fake: real, critique }));
    const { mean, variance } = tf.moments(moved[0]!);
    // Six standard errors.
    expect(mean).toBeAllclose([0], { atol: (6 * 1.5) / Math.sqrt(4000) });
    expect(tf.sqrt(variance)).toBeAllclose([1.5], { rtol: 6 / Math.sqrt(8000) });
    tf.dispose(moved);
  });
});

it('has the right gradient with respect to the weights', () => {
  const discriminator = tinyDiscriminator('softplus');
  tf.tidy(() => {
    const real = tf.tensor([0.4, -0.3, 1.1, 0.8], [2, 1, 2, 1]);
    let seen: number[] = [];
    const gradient = discriminator.gradient(() =>
      dragan().value(
        termContext<tf.Tensor>({
          real,
          fake: real,
          critique(x) {
            seen = [...x.dataSync()];
            return { logits: discriminator.logits(x) };
          },
        }),
      ),
    );
    const norm = (w: ArrayLike<number>, i: number) =>
      Math.sqrt(discriminator.squaredNorm(w, seen.slice(i, i + 2)));
    const expected = finiteDifference(
      (w) => ((norm(w, 0) - 1) ** 2 + (norm(w, 2) - 1) ** 2) / 2,
      discriminator.weights,
    );
    // Cancellation in float32 of terms near 1.
    expect(gradient).toBeAllclose(expected, { rtol: 1e-4, atol: 1e-5 });
  });
  discriminator.dispose();
});

it('leaves labels alone, leaks nothing and refuses negative noise', () => {
  const real = { images: tf.tensor2d([1, 2, 3, 4], [2, 2]), labels: tf.tensor1d([3, 4], 'int32') };
  const critique = ({ images, labels }: typeof real): Critique => {
    expect([...labels.dataSync()]).toEqual([3, 4]);
    return halfSquare(images);
  };
  const context = termContext({ real, fake: real, critique });
  expectNoLeak(() => dragan().value(context));
  tf.dispose(real);
  expect(() => dragan({ noise: -1 })).toThrow(
    'dragan: noise must be a number of at least 0, got -1',
  );
});
