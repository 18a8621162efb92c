import type { AdversarialLoss, Schedule, Term } from '@ganloom/core';
import { relativisticPairing } from './relativistic-pairing';
import { r1, r2 } from './zero-centered-penalties';

/** Settings of {@link r3gan}. */
export interface R3ganOptions {
  /**
   * γ of both penalties; a schedule is asked with the generator's updates made before, and the paper lets
   * it fall. Default 1; larger pictures need a larger one, as norms are over all pixels.
   */
  readonly gamma?: number | Schedule;
  /** Evaluate the penalties in every n-th step only, with n times the weight. Default 1, as in the paper. */
  readonly every?: number;
}

/**
 * The recipe of R3GAN: the relativistic pairing loss with R1 and R2, which together converge locally
 * and need no tricks.
 *
 * L_D = E softplus(−(D(x) − D(G(z)))) + γ/2 E ‖∇ₓ D(x)‖² + γ/2 E ‖∇ₓ D(G(z))‖²
 * L_G = E softplus(D(x) − D(G(z)))
 *
 * Huang et al. 2024 (arXiv 2501.05441). They train with Adam (β₁ = 0, β₂ = 0.99), an average of the
 * generator's weights and no normalization. Spread the result into a variant:
 * `{ ...r3gan({ gamma: 1 }), game, optimizers }`.
 *
 * @throws UsageError if γ is negative or `every` is no positive integer.
 */
export function r3gan({ gamma = 1, ...options }: R3ganOptions = {}): {
  readonly loss: AdversarialLoss;
  readonly terms: readonly Term[];
} {
  const penalty = { gamma, ...options };
  return { loss: relativisticPairing(), terms: [r1(penalty), r2(penalty)] };
}
