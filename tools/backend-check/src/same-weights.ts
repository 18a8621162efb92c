import { allclose } from '@ganloom/test-tools/allclose';
import type { Weights } from './trainings';

/**
 * Six digits of numbers around 1, which the largest weights are. Adam moves every weight by about the
 * learning rate, 10⁻³, however small its gradient is; where that is rounding alone, the moves differ by as
 * much as a thousandth, 10⁻⁶, so that smaller weights have fewer equal digits.
 */
const tolerance = { rtol: 1e-6, atol: 1e-6 };

/** How weights differ from those that they must be, if they do. */
export function weightsDiffer(actual: Weights, expected: Weights): string | undefined {
  const names = Object.keys(expected);
  if (Object.keys(actual).join() !== names.join()) {
    return `expected the weights ${names.join(', ')}, got ${Object.keys(actual).join(', ')}`;
  }
  const faults = names.flatMap((name) => {
    const { pass, message } = allclose(actual[name]!, expected[name]!, tolerance);
    return pass ? [] : [`${name}: ${message}`];
  });
  return faults.length > 0 ? faults.join('\n') : undefined;
}
