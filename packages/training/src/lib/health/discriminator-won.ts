import { figure, lastOnes, type Symptom } from './symptom';

// So many logged steps; a shorter lead at the beginning is made up for.
const PATIENCE = 20;
const SHARE = 0.05;

/**
 * The discriminator tells all fakes: its loss stays below a twentieth of what it was at the first step.
 *
 * Not for losses that have no lower bound at zero, as Wasserstein's, whose critic should be far ahead.
 */
export function discriminatorWon(): Symptom {
  const lastLosses = lastOnes<number>(PATIENCE);
  let first: number | undefined;
  return {
    name: 'discriminator won',
    checks: { what: 'a discriminator that has won', of: ['discriminator'], times: PATIENCE },
    examine({ step, losses, statistics }) {
      const { discriminator: loss } = losses;
      if (loss === undefined) return undefined;
      first ??= loss;
      const { realLogit = 0, fakeLogit = 0 } = statistics;
      // A step at which fakes are taken for real counts as a large loss.
      const recent = lastLosses(realLogit > fakeLogit ? loss : Infinity);
      const won = recent.every((one) => one >= 0 && one < SHARE * first!);
      if (recent.length < PATIENCE || !won) return undefined;
      return (
        `the discriminator has won: its loss is ${figure(loss)} at step ${step}, ${figure(first)} at the ` +
        'beginning, so it tells all fakes and the generator learns little from it; lower its learning ' +
        'rate, or add a gradient penalty, instance noise or augmentation'
      );
    },
  };
}
