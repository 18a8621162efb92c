import type { SampleLoss, Term } from '@ganloom/core';
import {
  gradientPenalty,
  hinge,
  leastSquares,
  minimax,
  nonSaturating,
  r1,
  r3gan,
  relativisticAverage,
  relativisticPairing,
  wasserstein,
} from '@ganloom/losses';
import { type Normalize, unnormalized } from '@ganloom/models';

/** What a game is played for. */
export interface Objective {
  readonly loss: SampleLoss;
  readonly terms?: readonly Term[];
  /** Of the discriminator; default: that of its architecture. */
  readonly normalize?: Normalize;
  readonly discriminatorSteps?: number;
}

/**
 * The objectives that a user of `dcgan`, `cgan` or `gan` may name: a loss, and what belongs to it. Gradient
 * penalties are per example, so that batches stay out of D.
 */
export const objectives: Readonly<Record<string, () => Objective>> = {
  'non-saturating': () => ({ loss: nonSaturating() }),
  minimax: () => ({ loss: minimax() }),
  hinge: () => ({ loss: hinge() }),
  'least-squares': () => ({ loss: leastSquares() }),
  relativistic: () => ({ loss: relativisticPairing() }),
  'relativistic-average': () => ({ loss: relativisticAverage() }),
  // The paper's 5 updates of the critic.
  'wgan-gp': () => ({
    loss: wasserstein(),
    terms: [gradientPenalty()],
    normalize: unnormalized,
    discriminatorSteps: 5,
  }),
  r1: () => ({ loss: nonSaturating(), terms: [r1()], normalize: unnormalized }),
  r3gan: () => ({ ...r3gan(), normalize: unnormalized }),
};
