import type { AdversarialLoss } from '@ganloom/core';
import { expectNoLeak, finiteDifference } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import { type BackendOptions, onEachBackend } from './backends';

// Both signs, both sides of a margin of 1, no kink within a step of a finite difference.
const REAL = [-3, -0.7, 0.2, 0.9, 1.6, 4];
const FAKE = [-2.5, -1.3, -0.4, 0.3, 2, 5];
const HUGE = [-1e4, 1e4];

/** An objective as the paper writes it, of logits in float64. */
export interface LossReference {
  discriminator(real: ArrayLike<number>, fake: ArrayLike<number>): number;
  generator(fake: ArrayLike<number>): number;
}

const critique = (logits: tf.Tensor) => ({ logits });
const noReal = () => {
  throw new Error('checkLoss: the generator objective must not look at the real batch');
};

/**
 * What holds for every loss whose generator objective ignores the real batch: values are scalars and
 * those of the formula; gradients are its finite differences; both are right at logits of ±10⁴ too,
 * where a careless formula overflows; logits have any shape; no tensor is left over.
 */
export function checkLoss(
  loss: AdversarialLoss,
  reference: LossReference,
  options: BackendOptions = {},
): Promise<void> {
  return onEachBackend(options, (backend) => checkHere(loss, reference, backend));
}

function checkHere(loss: AdversarialLoss, reference: LossReference, backend: string): void {
  const discriminator = (r: tf.Tensor, f: tf.Tensor) =>
    loss.discriminator(critique(r), critique(f));
  const generator = (f: tf.Tensor) => loss.generator(critique(f), noReal);
  expect(loss.name).not.toBe('');

  tf.tidy(() => {
    // Patch critics answer with maps; the batches of the two sides may differ in size.
    const real = tf.tensor(REAL, [1, 3, 2, 1]);
    const fake = tf.tensor(FAKE, [6, 1]);

    const values = [discriminator(real, fake), generator(fake)];
    expect(values.map((v) => v.shape)).toEqual([[], []]);
    expect(values[0]!, backend).toBeAllclose([reference.discriminator(REAL, FAKE)]);
    expect(values[1]!, backend).toBeAllclose([reference.generator(FAKE)]);

    const [dReal, dFake] = tf.grads(discriminator)([real, fake]);
    const gFake = tf.grad(generator)(fake);
    const slopes = slopesOf(reference, REAL, FAKE);
    expect(dReal!, backend).toBeAllclose(slopes.dReal);
    expect(dFake!, backend).toBeAllclose(slopes.dFake);
    expect(gFake, backend).toBeAllclose(slopes.gFake);

    // One side at a time: where both are huge, what is left of their difference is rounding.
    const huge = tf.tensor(HUGE, [2, 1]);
    // Relative to 1e4, where float32 is 1e-3 coarse.
    const coarse = { rtol: 1e-6, atol: 1e-2 };
    const [atReal, atFake] = [discriminator(huge, fake), discriminator(real, huge)];
    expect(atReal, backend).toBeAllclose([reference.discriminator(HUGE, FAKE)], coarse);
    expect(atFake, backend).toBeAllclose([reference.discriminator(REAL, HUGE)], coarse);
    expect(generator(huge), backend).toBeAllclose([reference.generator(HUGE)], coarse);
    const byReal = tf.grad((r) => discriminator(r, fake))(huge);
    const byFake = tf.grad((f) => discriminator(real, f))(huge);
    // A large step, as values of 1e12 are 1e-4 coarse in float64.
    const steep = slopesOf(reference, REAL, HUGE, 1);
    expect(byReal, backend).toBeAllclose(slopesOf(reference, HUGE, FAKE, 1).dReal);
    expect(byFake, backend).toBeAllclose(steep.dFake);
    expect(tf.grad(generator)(huge), backend).toBeAllclose(steep.gFake);
  });

  const real = tf.tensor1d(REAL);
  const fake = tf.tensor1d(FAKE);
  expectNoLeak(() => discriminator(real, fake));
  expectNoLeak(() => generator(fake));
  tf.dispose([real, fake]);
}

function slopesOf(reference: LossReference, real: number[], fake: number[], h?: number) {
  return {
    dReal: finiteDifference((r) => reference.discriminator(r, fake), real, h),
    dFake: finiteDifference((f) => reference.discriminator(real, f), fake, h),
    gFake: finiteDifference((f) => reference.generator(f), fake, h),
  };
}
