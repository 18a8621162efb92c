import { figure, lastOnes, median, type Symptom } from './symptom';

const WINDOW = 10;
const SHARE = 1e-3;
// Adam makes steps of any gradient, but below this float32 has little left of it.
const NOTHING = 1e-7;

/** The generator's gradient, as the median of ten logged steps, is a thousandth of what it was. */
export function vanishedGradient(): Symptom {
  const lastNorms = lastOnes<number>(WINDOW);
  let largest = 0;
  return {
    name: 'generator gradient vanished',
    checks: { what: 'a vanished gradient', of: ['generatorGradientNorm'], times: WINDOW },
    examine({ step, statistics: { generatorGradientNorm: norm } }) {
      if (norm === undefined) return undefined;
      const recent = lastNorms(norm);
      if (recent.length < WINDOW) return undefined;
      const now = median(recent);
      largest = Math.max(largest, now);
      if (now >= SHARE * largest && now >= NOTHING) return undefined;
      return (
        `the generator's gradient has vanished: its norm is ${figure(now)} at step ${step}, and was ` +
        `${figure(largest)}; take a loss that does not saturate, such as non-saturating, or weaken the ` +
        'discriminator'
      );
    },
  };
}
