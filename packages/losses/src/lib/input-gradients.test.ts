import type { Critique } from '@ganloom/core';
import { expectNoLeak } from '@ganloom/test-tools';
import { termContext } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it, vi } from 'vitest';
import { inputGradients, meanOfSquaredNorms, safeNorm } from './input-gradients';

beforeAll(() => tf.setBackend('cpu'));

type Pictures = { images: tf.Tensor; hint: tf.Tensor; labels: tf.Tensor };

/** D = ½ Σ images² + Σ labels·hint: the gradients are the images, and the labels. */
const quadratic = ({ images, hint, labels }: Pictures): Critique => ({
  logits: tf.add(
    tf.mul(tf.sum(tf.square(images), [1, 2]), 0.5),
    tf.sum(tf.mul(hint, tf.reshape(tf.cast(labels, 'float32'), [2, 1])), 1),
  ),
});

const pictures = (): Pictures => ({
  images: tf.tensor3d([3, 4, 0, 1], [2, 2, 1]),
  hint: tf.tensor2d([5, 5, 5, 5], [2, 2]),
  labels: tf.tensor1d([1, 2], 'int32'),
});

it('differentiates each float32 member, and no other', () => {
  tf.tidy(() => {
    const real = pictures();
    const context = termContext({ real, fake: real, critique: quadratic });
    const [byImages, byHint, ...others] = inputGradients(context, real);
    expect(byImages!).toBeAllclose(real.images);
    expect(byHint!).toBeAllclose(tf.tensor2d([1, 1, 2, 2], [2, 2]));
    expect(others).toEqual([]);
  });
});

it('sums the squares of all members example by example', () => {
  tf.tidy(() => {
    const real = pictures();
    const context = termContext({ real, fake: real, critique: quadratic });
    const norms: tf.Tensor[] = [];
    const mean = meanOfSquaredNorms(context, real, (squared) => {
      norms.push(tf.keep(squared));
      return squared;
    });
    // 9 + 16 + 1 + 1 and 0 + 1 + 4 + 4.
    expect(norms[0]!).toBeAllclose(tf.tensor1d([27, 9]));
    expect(mean).toBeAllclose(tf.scalar(18));
    tf.dispose(norms);
  });
});

it('passes over members that the discriminator ignores', () => {
  tf.tidy(() => {
    const real = { images: tf.tensor2d([[1], [2]]), codes: tf.tensor2d([[9], [9]]) };
    const critique = ({ images }: typeof real) => ({ logits: tf.mul(images, 3) });
    const gradients = inputGradients(termContext({ real, fake: real, critique }), real);
    expect(gradients).toHaveLength(1);
    expect(gradients[0]!).toBeAllclose([3, 3]);
  });
});

it('differentiates under a tape the critiques that the loss uses', () => {
  tf.tidy(() => {
    const weight = tf.variable(tf.scalar(3));
    const critique = vi.fn<(x: tf.Tensor) => Critique>((x) => ({
      logits: tf.mul(tf.square(x), weight),
    }));
    const [real, fake, between] = [1, 2, 5].map((v) => tf.tensor2d([[v]])) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    const { value, grads } = tf.variableGrads(() => {
      const context = termContext({ real, fake, critique });
      const logits = tf.add(context.realCritique().logits, context.fakeCritique().logits);
      const squared = (sample: tf.Tensor) => meanOfSquaredNorms(context, sample, (norms) => norms);
      const penalty = tf.addN([squared(real), squared(fake), squared(between)]) as tf.Scalar;
      return tf.add(penalty, tf.sum(logits)) as tf.Scalar;
    }, [weight]);
    expect(critique).toHaveBeenCalledTimes(3);
    // ∇ = 2wx, so 4w²(1 + 4 + 25) + w(1 + 4), and its derivative 240 w + 5.
    expect(value).toBeAllclose([1095]);
    expect(grads[weight.name]!).toBeAllclose([725]);
    weight.dispose();
  });
});

it('takes for constants weights that depend on the sample, as in an unrolled step', () => {
  tf.tidy(() => {
    const [real, sample]: tf.Tensor[] = [tf.scalar(1), tf.scalar(2)];
    tf.grad((x) => {
      const weight = tf.mul(x, 5);
      const critique = (seen: tf.Tensor): Critique => ({ logits: tf.mul(tf.square(seen), weight) });
      const context = termContext({ real: real!, fake: real!, critique });
      // 2·x·w, without x² ∂w/∂x = 20.
      expect(inputGradients(context, x)[0]!).toBeAllclose([40]);
      return weight;
    })(sample!);
  });
});

it('has a norm that can be differentiated at a gradient of zero', () => {
  tf.tidy(() => {
    const slope = tf.grad((x) => tf.sum(safeNorm(tf.sum(tf.square(x), 1))));
    expect(slope(tf.tensor2d([0, 0, 3, 4], [2, 2]))).toBeAllclose([0, 0, 0.6, 0.8]);
    expect(safeNorm(tf.tensor1d([0, 25]))).toBeAllclose([0, 5], { atol: 1e-5 });
  });
});

it('says what is wrong with logits that depend on nothing', () => {
  tf.tidy(() => {
    const real: tf.Tensor = tf.zeros([2, 1]);
    const constant = termContext({ real, fake: real, critique: () => ({ logits: tf.ones([2]) }) });
    expect(() => inputGradients(constant, real)).toThrow(
      'inputGradients: the logits must depend on a float32 tensor of the sample, got "logits that depend on none"',
    );
    const whole = { labels: tf.zeros([2], 'int32') };
    const context = termContext({ real: whole, fake: whole });
    expect(() => inputGradients(context, whole)).toThrow('got "no such tensor"');
  });
});

it('leaks nothing', () => {
  const real = pictures();
  const context = termContext({ real, fake: real, critique: quadratic });
  expectNoLeak(() => inputGradients(context, real));
  expectNoLeak(() => meanOfSquaredNorms(context, real, safeNorm));
  tf.dispose(real);
});
