import type { HeadedChanges } from '@ganloom/models';
import type { Cure } from './cures';
import type { Objective } from './objectives';

/** What an {@link Objective} and a {@link Cure} ask for together. */
export interface PlayedFor {
  /** Of the discriminator. */
  readonly changes: HeadedChanges;
  /** Samples that the discriminator judges together: for it, and for `packed`. */
  readonly degree: number;
  /** Of the variant. */
  readonly play: Omit<Objective, 'normalize'> & Required<Pick<Cure, 'unrolledSteps'>>;
}

/** Puts an objective and a cure together. Both may change the discriminator; the cure's change is the last. */
export function playedFor(objective: Objective, cure: Cure): PlayedFor {
  const { normalize, ...play } = objective;
  const { unrolledSteps = 0, degree = 1, terms = [], ...changes } = cure;
  return {
    changes: { ...(normalize && { normalize }), ...changes },
    degree,
    play: { ...play, terms: [...(play.terms ?? []), ...terms], unrolledSteps },
  };
}
