import { checkTerm, termContext } from '@ganloom/testing';
import { expectNoLeak, finiteDifference } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { maximumMeanDiscrepancy } from './maximum-mean-discrepancy';
import { mmdGan } from './mmd-gan';

beforeAll(() => tf.setBackend('cpu'));

const REAL = [0.1, 0.4, -0.6, 1.2, 0.9, -0.3];
const FAKE = [1.5, -0.2, 0.3, 0.8];
const SCALES = [0.2, 0.5, 1, 2, 5];

/** Rows of two numbers, the sum over pairs as it is written. */
function reference(x: ArrayLike<number>, y: ArrayLike<number>, scales = SCALES): number {
  const kernel = (a: ArrayLike<number>, i: number, b: ArrayLike<number>, j: number) => {
    const square = (a[2 * i]! - b[2 * j]!) ** 2 + (a[2 * i + 1]! - b[2 * j + 1]!) ** 2;
    return scales.reduce((sum, s) => sum + (1 + square / (2 * s)) ** -s, 0);
  };
  const mean = (a: ArrayLike<number>, b: ArrayLike<number>) => {
    let [sum, count] = [0, 0];
    for (let i = 0; i < a.length / 2; i++) {
      for (let j = 0; j < b.length / 2; j++) {
        if (a === b && i === j) continue;
        sum += kernel(a, i, b, j);
        count++;
      }
    }
    return sum / count;
  };
  return mean(x, x) + mean(y, y) - 2 * mean(x, y);
}

const samples = () => ({ real: tf.tensor2d(REAL, [3, 2]), fake: tf.tensor2d(FAKE, [2, 2]) });

it('is the discrepancy of the samples', () => {
  tf.tidy(() => {
    const value = maximumMeanDiscrepancy().value(termContext(samples()));
    expect(value).toBeAllclose([reference(REAL, FAKE)], { rtol: 1e-4 });
    const narrow = maximumMeanDiscrepancy({ scales: [0.1] });
    expect(narrow.value(termContext(samples()))).toBeAllclose([reference(REAL, FAKE, [0.1])], {
      rtol: 1e-4,
    });
    // One number of each set by hand: k = (1 + d²/2)⁻¹ with α = 1; pairs differ by 0 and by 2.
    const apart = { real: tf.tensor2d([[0], [0]]), fake: tf.tensor2d([[2], [2]]) };
    const one = maximumMeanDiscrepancy({ scales: [1] }).value(termContext(apart));
    expect(one).toBeAllclose([1 + 1 - 2 / 3], { rtol: 1e-5 });
  });
});

it('compares pictures, members, or what a critique sees', () => {
  tf.tidy(() => {
    const { real, fake } = samples();
    const picture = (x: tf.Tensor) => ({ images: tf.reshape(x, [-1, 1, 2, 1]), labels: x });
    const ofPictures = termContext({ real: picture(real), fake: picture(fake) });
    const expected = [reference(REAL, FAKE)];
    expect(maximumMeanDiscrepancy().value(ofPictures)).toBeAllclose(expected, { rtol: 1e-4 });
    const features = termContext({
      real,
      fake,
      critique: (x) => ({ logits: x, features: tf.mul(x, 2) }),
    });
    const twice = [reference(REAL.map((v) => 2 * v), FAKE.map((v) => 2 * v))]; // prettier-ignore
    const seen = maximumMeanDiscrepancy({ output: 'features' }).value(features);
    expect(seen).toBeAllclose(twice, { rtol: 1e-4 });
  });
});

it('is a term', () => {
  const met = samples();
  checkTerm(maximumMeanDiscrepancy({ weight: 2 }), met);
  tf.dispose(met);
});

it('is the loss of D, and the opposite of it for D', () => {
  tf.tidy(() => {
    const { real, fake } = samples();
    const loss = mmdGan();
    const [onReal, onFake] = [{ logits: real }, { logits: fake }];
    const expected = reference(REAL, FAKE);
    expect(loss.discriminator(onReal, onFake)).toBeAllclose([-expected], { rtol: 1e-4 });
    expect(loss.generator(onFake, () => onReal)).toBeAllclose([expected], { rtol: 1e-4 });
    const [dReal, dFake] = tf.grads((r: tf.Tensor, f: tf.Tensor) =>
      loss.discriminator({ logits: r }, { logits: f }),
    )([real, fake]);
    const near = { rtol: 1e-3, atol: 1e-5 };
    expect(dReal!).toBeAllclose(
      finiteDifference((r) => -reference(r, FAKE), REAL),
      near,
    );
    expect(dFake!).toBeAllclose(
      finiteDifference((f) => -reference(REAL, f), FAKE),
      near,
    );
    const dG = tf.grad((f: tf.Tensor) => loss.generator({ logits: f }, () => onReal))(fake);
    expect(dG).toBeAllclose(
      finiteDifference((f) => reference(REAL, f), FAKE),
      near,
    );
  });
});

it('stays finite for what is equal and what is far away, and leaks nothing', () => {
  const far = tf.tensor2d([1e4, -1e4, -1e4, 1e4], [2, 2]);
  const loss = mmdGan();
  const value = (f: tf.Tensor) => loss.generator({ logits: f }, () => ({ logits: far }));
  tf.tidy(() => {
    const gradient = tf.grad(value)(far);
    expect([...gradient.dataSync()].every(Number.isFinite)).toBe(true);
  });
  expectNoLeak(() => value(far));
  far.dispose();
});

it('says what it needs', () => {
  tf.tidy(() => {
    const [x, y, one] = [tf.ones([2, 2]), tf.ones([2, 3]), tf.ones([1, 2])];
    expect(() => maximumMeanDiscrepancy().value(termContext({ real: x, fake: y }))).toThrow(
      'maximumMeanDiscrepancy: real and fake examples must be of one size, 2 numbers, got 3',
    );
    expect(() => maximumMeanDiscrepancy().value(termContext({ real: x, fake: one }))).toThrow(
      'a batch needs two examples, got 1; train with larger ones',
    );
    expect(() => mmdGan({ scales: [1, 0] })).toThrow('mmdGan: scales[1] must be a number above 0');
    expect(() => mmdGan({ scales: [] })).toThrow('mmdGan: scales must have at least one, got []');
  });
});
