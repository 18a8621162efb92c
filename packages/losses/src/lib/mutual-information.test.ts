import type { Critique } from '@ganloom/core';
import { expectNoLeak, finiteDifference } from '@ganloom/test-tools';
import { termContext } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { categoricalCode, gaussianCode } from './codes';
import { mutualInformation } from './mutual-information';

beforeAll(() => tf.setBackend('cpu'));

const HALF_LOG_2PI = Math.log(2 * Math.PI) / 2;
const logits = tf.zeros([1]);
const critiqueOf = (outputs: Record<string, tf.Tensor>): Critique => ({ logits, ...outputs });

describe('categoricalCode', () => {
  const code = categoricalCode();

  it('is the cross-entropy, of classes and of one-hot rows', () => {
    tf.tidy(() => {
      // Probabilities (½, ½) and (¾, ¼), classes 0 and 1.
      const critique = critiqueOf({
        categoryLogits: tf.log([
          [1, 1],
          [3, 1],
        ]),
      });
      const expected = [(Math.log(2) + Math.log(4)) / 2];
      const classes = { category: tf.tensor1d([0, 1], 'int32') };
      expect(code.negativeLogLikelihood(classes, critique)).toBeAllclose(expected);
      const rows = { category: tf.tensor2d([1, 0, 0, 1], [2, 2]) };
      expect(code.negativeLogLikelihood(rows, critique)).toBeAllclose(expected);
    });
  });

  it('has the right gradient, and is finite at large logits', () => {
    tf.tidy(() => {
      const classes = { category: tf.tensor1d([2, 0], 'int32') };
      const at = [0.3, -1, 0.5, 2, 0, -0.7];
      const f = (x: tf.Tensor) =>
        code.negativeLogLikelihood(classes, critiqueOf({ categoryLogits: x }));
      const logSum = (a: number, b: number, c: number) =>
        Math.log(Math.exp(a) + Math.exp(b) + Math.exp(c));
      const reference = (x: ArrayLike<number>) =>
        (logSum(x[0]!, x[1]!, x[2]!) - x[2]! + logSum(x[3]!, x[4]!, x[5]!) - x[3]!) / 2;
      expect(tf.grad(f)(tf.tensor2d(at, [2, 3]))).toBeAllclose(finiteDifference(reference, at));
      const huge = tf.tensor2d([1e4, 0, -1e4, 1e4, 0, -1e4], [2, 3]);
      expect(f(huge)).toBeAllclose([1e4]);
      expect(tf.grad(f)(huge)).toBeAllclose([0.5, 0, -0.5, 0, 0, 0]);
    });
  });

  it('says what does not fit', () => {
    tf.tidy(() => {
      const critique = critiqueOf({ categoryLogits: tf.zeros([2, 3]) });
      expect(() => code.negativeLogLikelihood({ category: tf.zeros([2, 4]) }, critique)).toThrow(
        'categoricalCode: the code "category" must have the shape [2,3] of its prediction, got [2,4]',
      );
      expect(() => code.negativeLogLikelihood({ images: tf.zeros([2]) }, critique)).toThrow(
        'categoricalCode: there must be a tensor "category", got [images]',
      );
    });
  });
});

it.each([
  ['categoricalCode', categoricalCode],
  ['gaussianCode', gaussianCode],
] as const)('%s refuses weights out of range', (where, make) => {
  for (const weight of [-1, NaN, Infinity]) {
    expect(() => make({ weight })).toThrow(
      `${where}: weight must be a number of at least 0, got ${weight}`,
    );
  }
});

describe('gaussianCode', () => {
  it('is the squared distance with σ = 1', () => {
    tf.tidy(() => {
      const sample = { style: tf.tensor2d([1, 0, -1, 1], [2, 2]) };
      const critique = critiqueOf({ styleMean: tf.tensor2d([0, 0, 1, 1], [2, 2]) });
      // ½(1 + 4)/2 and the constant for each of two numbers.
      const expected = [1.25 + 2 * HALF_LOG_2PI];
      expect(gaussianCode().negativeLogLikelihood(sample, critique)).toBeAllclose(expected);
    });
  });

  it('has the right value and gradient with a learned σ', () => {
    tf.tidy(() => {
      const code = gaussianCode({ logDeviation: 'spread' });
      const style = tf.tensor2d([0.5, -1], [2, 1]);
      const f = (m: tf.Tensor, s: tf.Tensor) =>
        code.negativeLogLikelihood({ style }, critiqueOf({ styleMean: m, spread: s }));
      const reference = (x: ArrayLike<number>) =>
        HALF_LOG_2PI +
        (((0.5 - x[0]!) / Math.exp(x[2]!)) ** 2 / 2 +
          x[2]! +
          ((-1 - x[1]!) / Math.exp(x[3]!)) ** 2 / 2 +
          x[3]!) /
          2;
      const at = [0.1, 0.7, -0.4, 0.9];
      const [means, spreads] = [
        tf.tensor2d(at.slice(0, 2), [2, 1]),
        tf.tensor2d(at.slice(2), [2, 1]),
      ];
      expect(f(means, spreads)).toBeAllclose([reference(at)]);
      const gradient = tf.concat(tf.grads(f)([means, spreads]));
      expect(gradient).toBeAllclose(finiteDifference(reference, at));

      const huge = tf.tensor2d([-1e4, 1e4], [2, 1]);
      for (const tensor of [f(huge, huge), ...tf.grads(f)([huge, huge])]) {
        expect([...tensor.dataSync()].every(Number.isFinite)).toBe(true);
      }
    });
  });
});

it('takes the predictions of packs apart', () => {
  tf.tidy(() => {
    // Pack i of two holds the examples i and 2 + i.
    const perExample = [0.3, -1, 0.5, 2, 0, -0.7, 1.1, 0.4];
    const ofPacks = tf.tensor2d([0.3, -1, 0, -0.7, 0.5, 2, 1.1, 0.4], [2, 4]);
    const ofExamples = tf.tensor2d(perExample, [4, 2]);
    const sample = {
      category: tf.tensor1d([0, 1, 1, 0], 'int32'),
      style: tf.tensor2d([1, 0, -1, 1, 0.5, 2, 3, -2], [4, 2]),
    };
    for (const [code, outputs] of [
      [categoricalCode(), ['categoryLogits']],
      [gaussianCode({ logDeviation: 'spread' }), ['styleMean', 'spread']],
    ] as const) {
      const said = (x: tf.Tensor) => critiqueOf(Object.fromEntries(outputs.map((o) => [o, x])));
      const expected = code.negativeLogLikelihood(sample, said(ofExamples));
      expect(code.negativeLogLikelihood(sample, said(ofPacks))).toBeAllclose(expected);
    }
    const odd = critiqueOf({ categoryLogits: tf.zeros([2, 3]) });
    expect(() => categoricalCode().negativeLogLikelihood(sample, odd)).toThrow('got [4,3]');
  });
});

it('adds codes up by their weights, on either side, and leaks nothing', () => {
  const fake = { images: tf.zeros([2, 1]), style: tf.ones([2, 1]), other: tf.ones([2, 1]) };
  const outputs = { styleMean: tf.zeros([2, 1]), otherMean: tf.fill([2, 1], -1) };
  const critique = () => critiqueOf(outputs);
  const term = mutualInformation({
    player: 'discriminator',
    codes: [gaussianCode(), gaussianCode({ code: 'other', mean: 'otherMean', weight: 0.1 })],
  });
  expect(term).toMatchObject({ name: 'mutual-information', player: 'discriminator', weight: 1 });
  const context = termContext({ real: fake, fake, critique });
  tf.tidy(() => {
    const expected = [0.5 + HALF_LOG_2PI + 0.1 * (2 + HALF_LOG_2PI)];
    expect(term.value(context)).toBeAllclose(expected);
  });
  expectNoLeak(() => term.value(context));
  tf.dispose([fake, outputs]);
});
