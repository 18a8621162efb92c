import { figure, lastOnes, type Symptom } from './symptom';

// So many sample grids, one after the other.
const PATIENCE = 3;
const SHARE = 0.5;
// More from the first grid to the last is a generator that still learns what the classes are.
const RISE = 1.25;

/** Samples of a class are not what the class is: the generator draws the same whatever it is asked for. */
export function classesIgnored(): Symptom {
  const lastShares = lastOnes<number>(PATIENCE);
  return {
    name: 'classes ignored',
    checks: {
      what: 'classes that are ignored',
      of: ['classAgreement'],
      times: PATIENCE,
      ifAny: true,
    },
    examine({ step, statistics: { classAgreement: share } }) {
      if (share === undefined) return undefined;
      const recent = lastShares(share);
      const rising = share > RISE * Math.max(recent[0]!, 0);
      const isLow = recent.every((one) => one < SHARE);
      if (recent.length < PATIENCE || !isLow || (rising && share > 0.1)) return undefined;
      return (
        `classes seem to be ignored: at step ${step} the mean sample of a class goes only ` +
        `${figure(100 * Math.max(0, share))} % of the way from the mean of all to the real class; look at the rows of the samples, and try ` +
        'another conditioning, or a larger weight of the class loss'
      );
    },
  };
}
