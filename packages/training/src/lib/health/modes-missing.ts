import { figure, lastOnes, type Symptom } from './symptom';

// So many sample grids, one after the other.
const PATIENCE = 3;
// Less is a generator whose samples are not yet like real pictures, which covers none.
const PRECISE = 0.5;
const SHARE = 0.5;
// More from the first grid to the last is a generator that still finds new kinds.
const RISE = 1.25;

/** Samples that could be real pictures, and are like few of them: kinds of the data that are left out. */
export function modesMissing(): Symptom {
  const lastShares = lastOnes<number>(PATIENCE);
  return {
    name: 'modes missing',
    checks: { what: 'kinds that are left out', of: ['pictureCoverage'], times: PATIENCE },
    examine({ step, statistics: { pictureCoverage: share, picturePrecision: precision } }) {
      if (share === undefined || precision === undefined) return undefined;
      const recent = lastShares(precision < PRECISE ? Infinity : share);
      const rising = share > RISE * recent[0]!;
      if (recent.length < PATIENCE || rising || recent.some((one) => one >= SHARE))
        return undefined;
      return (
        `kinds of pictures seem to be left out: at step ${step} the samples are near ` +
        `${figure(100 * share)} % of the real pictures, although ${figure(100 * precision)} % of them are ` +
        'near a real one; look at them, and try mode seeking, packing, minibatch discrimination or a ' +
        'gradient penalty'
      );
    },
  };
}
