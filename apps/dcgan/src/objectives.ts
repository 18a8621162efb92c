import type { AdversarialLoss, Term } from '@ganloom/core';
import {
  gradientPenalty,
  hinge,
  leastSquares,
  minimax,
  nonSaturating,
  r1,
  r3gan,
  relativisticAverage,
  wasserstein,
} from '@ganloom/losses';
import { type Normalise, unnormalised } from '@ganloom/models';

/** What a run plays for. */
export interface Objective {
  readonly loss: AdversarialLoss;
  readonly terms?: readonly Term[];
  /** Of the discriminator; default: batch normalisation. */
  readonly normalise?: Normalise;
  readonly discriminatorSteps?: number;
}

/** The objectives that `--loss` names. Gradient penalties are per example, so batches stay out of D. */
export const objectives: Readonly<Record<string, () => Objective>> = {
  'non-saturating': () => ({ loss: nonSaturating() }),
  minimax: () => ({ loss: minimax() }),
  hinge: () => ({ loss: hinge() }),
  'least-squares': () => ({ loss: leastSquares() }),
  'relativistic-average': () => ({ loss: relativisticAverage() }),
  // The paper's 5 updates of the critic.
  'wgan-gp': () => ({
    loss: wasserstein(),
    terms: [gradientPenalty()],
    normalise: unnormalised,
    discriminatorSteps: 5,
  }),
  r1: () => ({ loss: nonSaturating(), terms: [r1()], normalise: unnormalised }),
  r3gan: () => ({ ...r3gan(), normalise: unnormalised }),
};
