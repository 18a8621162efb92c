import { figure, lastOnes, type Symptom } from './symptom';

// So many sample grids, one after the other.
const PATIENCE = 3;
const SHARE = 0.2;
// More from the first grid to the last is a generator that is still learning to differ.
const RISE = 1.25;

const MEASURES = {
  pixelDiversity: 'differ',
  nearestDistance: 'differ from the nearest other',
} as const;

/**
 * The samples are much more alike than real pictures: all of them, or each with another.
 *
 * Measured in pixels, so it sees that a generator draws the same, not that it leaves out a class.
 */
export function modeCollapse(): Symptom {
  const looks = Object.entries(MEASURES).map(
    ([name, verb]) => [name, verb, lastOnes<number>(PATIENCE)] as const,
  );
  return {
    name: 'mode collapse suspected',
    checks: { what: 'samples that are all alike', of: Object.keys(MEASURES), times: PATIENCE },
    examine({ step, statistics }) {
      const found: string[] = [];
      for (const [name, verb, lastValues] of looks) {
        const value = statistics[name];
        if (value === undefined) continue;
        const recent = lastValues(value);
        const rising = value > RISE * recent[0]!;
        if (recent.length < PATIENCE || rising || recent.some((one) => one >= SHARE)) continue;
        found.push(`${verb} by ${figure(100 * value)} %`);
      }
      if (found.length === 0) return undefined;
      return (
        `mode collapse is suspected: at step ${step} the samples ${found.join(' and ')} of what real ` +
        'pictures do; look at them, and try minibatch discrimination, packing, a gradient penalty or ' +
        'another loss'
      );
    },
  };
}
