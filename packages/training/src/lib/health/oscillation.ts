import { figure, lastOnes, type Symptom } from './symptom';

// Four periods of 24 logged steps, the longest that is seen.
const WINDOW = 96;
// Chosen so that of 40 random walks of 1000 steps (AR(1), φ = 0 … 0.98) at most three alarm, and a
// sine with as much noise as itself always does.
const PERIODIC = 0.5;
const OPPOSITE = -0.4;
const AGAIN = 0.3;
const RELATIVE_SWING = 0.1;
// The second half of the window against the first: less is a swing that dies away.
const LASTING = 0.8;

/**
 * The generator's loss swings to and fro in the last 96 logged steps, and does not come to rest: its
 * autocorrelation r(k) = Σ xₜ xₜ₊ₖ / Σ xₜ² is high at a period and at two, low at a half and at one and a half.
 */
export function oscillation(): Symptom {
  const lastLosses = lastOnes<number>(WINDOW);
  const lastSteps = lastOnes<number>(WINDOW);
  return {
    name: 'oscillation',
    checks: { what: 'oscillation', of: ['generator'], times: WINDOW },
    examine({ step, losses: { generator: loss } }) {
      if (loss === undefined) return undefined;
      const recent = lastLosses(loss);
      const steps = lastSteps(step);
      if (recent.length < WINDOW) return undefined;
      const mean = recent.reduce((a, b) => a + b) / WINDOW;
      const centered = recent.map((one) => one - mean);
      const swing = rootMeanSquare(centered);
      if (swing <= RELATIVE_SWING * Math.abs(mean)) return undefined;
      const [before, after] = [centered.slice(0, WINDOW / 2), centered.slice(WINDOW / 2)];
      if (rootMeanSquare(after) < LASTING * rootMeanSquare(before)) return undefined;
      const period = periodOf(centered);
      if (period === undefined) return undefined;
      const inSteps = Math.round((period * (step - steps[0]!)) / (WINDOW - 1));
      return (
        `the losses oscillate: the generator's swings around ${figure(mean)} by ${figure(swing)}, ` +
        `about every ${inSteps} steps, and does not come to rest (step ${step}); lower the learning ` +
        "rates or Adam's beta 1, or add a gradient penalty"
      );
    },
  };
}

/** The lag after which the values repeat themselves, if they do. */
function periodOf(values: readonly number[]): number | undefined {
  const square = values.reduce((sum, one) => sum + one * one, 0);
  const correlation = (lag: number) => {
    let sum = 0;
    for (let t = lag; t < values.length; t++) sum += values[t]! * values[t - lag]!;
    // Weighted by how few products there are at long lags.
    return ((sum / square) * values.length) / (values.length - lag);
  };
  const longest = Math.floor(values.length / 4);
  let lag = 1;
  while (lag <= longest && correlation(lag) > 0) lag++;
  // What changes its sign from value to value is noise, not a swing.
  if (lag < 2) return undefined;
  let best = { lag: 0, correlation: PERIODIC };
  for (; lag <= longest; lag++) {
    const found = correlation(lag);
    if (found > best.correlation) best = { lag, correlation: found };
  }
  const period = best.lag;
  if (period === 0 || correlation(2 * period) < AGAIN) return undefined;
  const between = [period / 2, (3 * period) / 2].map((half) => correlation(Math.round(half)));
  return between.some((one) => one > OPPOSITE) ? undefined : period;
}

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, one) => sum + one * one, 0) / values.length);
}
