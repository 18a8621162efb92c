import { type AdversarialLoss, type Critique, requireNumbers } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { energyOf } from './energy';

/** Settings of {@link began}. */
export interface BeganOptions {
  /** γ: the energy of fakes over that of real examples to hold, in (0, 1]; low is less diverse. Default 0.5. */
  readonly diversity?: number;
  /** λₖ: how fast the balance moves. Default 0.001. */
  readonly balanceRate?: number;
  /** k before the first step, in [0, 1]. Default 0. */
  readonly initialBalance?: number;
}

/** A loss with a measure of how far it has come. */
export interface BeganLoss extends AdversarialLoss {
  readonly state: { readonly balance: tf.Variable };
  /** M = L(x) + |γ L(x) − L(G(z))|, lower as training converges. The caller disposes it. */
  convergence(real: Critique, fake: Critique): tf.Scalar;
}

/**
 * The boundary equilibrium GAN: D is an autoencoder, and a balance k keeps its reconstruction error L
 * of fakes at a share γ of that of real examples.
 *
 * L_D = L(x) − kₜ L(G(z))
 * L_G = L(G(z))
 * kₜ₊₁ = clip(kₜ + λₖ (γ L(x) − L(G(z))), 0, 1)
 *
 * Berthelot, Schumm and Metz 2017 (arXiv 1703.10717). L is the mean of the critique's output `energy`,
 * of any shape, or of −logits without one; the paper takes the mean absolute error of a picture.
 *
 * Each call of `discriminator` moves k, which is `state.balance` and one of the trainer's statistics, from
 * the energies it is given. The caller disposes the state.
 *
 * @throws UsageError if a setting is out of range.
 */
export function began({
  diversity = 0.5,
  balanceRate = 0.001,
  initialBalance = 0,
}: BeganOptions = {}): BeganLoss {
  requireNumbers('began', { diversity }, { above: 0, max: 1 });
  requireNumbers('began', { balanceRate }, { min: 0 });
  requireNumbers('began', { initialBalance }, { min: 0, max: 1 });
  const balance = tf.tidy(() => tf.variable<tf.Rank.R0>(tf.scalar(initialBalance), false));
  const meanEnergy = (critique: Critique) => tf.mean(energyOf(critique));
  const imbalance = (onReal: tf.Tensor, onFake: tf.Tensor) =>
    tf.sub(tf.mul(onReal, diversity), onFake);
  return {
    name: 'began',
    state: { balance },
    statistics: { balance },
    discriminator: (real, fake) =>
      tf.tidy(() => {
        const [onReal, onFake] = [meanEnergy(real), meanEnergy(fake)];
        const loss = tf.sub<tf.Scalar>(onReal, tf.mul(balance, onFake));
        // Assigning cuts the gradient: k is a number in the loss.
        const step = tf.mul(imbalance(onReal, onFake), balanceRate);
        balance.assign(tf.clipByValue(tf.add(balance, step), 0, 1));
        return loss;
      }),
    generator: (fake) => tf.tidy(() => meanEnergy(fake) as tf.Scalar),
    convergence: (real, fake) =>
      tf.tidy(() => {
        const onReal = meanEnergy(real);
        return tf.add<tf.Scalar>(onReal, tf.abs(imbalance(onReal, meanEnergy(fake))));
      }),
  };
}
