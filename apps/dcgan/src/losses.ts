import type { AdversarialLoss } from '@ganloom/core';
import { hinge, leastSquares, minimax, nonSaturating } from '@ganloom/losses';

/** The losses that `--loss` names. */
export const losses: Readonly<Record<string, () => AdversarialLoss>> = {
  'non-saturating': nonSaturating,
  minimax,
  hinge,
  'least-squares': leastSquares,
};
