/** A line of a chart: values at steps, rising. */
export interface Series {
  readonly name: string;
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

/** A series made short enough to draw: of neighboring points their mean, smallest and largest. */
export interface DrawnSeries extends Series {
  readonly lows: readonly number[];
  readonly highs: readonly number[];
  /** The values, smoothed. */
  readonly smooth: readonly number[];
}

// More than there are pixels on a phone, and few bytes.
const POINTS = 300;
// The smoothing sees about this share of the curve.
const SPAN = 1 / 25;

export function drawnSeries({ name, steps, values }: Series): DrawnSeries {
  const groups = Math.min(POINTS, values.length);
  const drawn = {
    steps: [] as number[],
    values: [] as number[],
    lows: [] as number[],
    highs: [] as number[],
  };
  for (let g = 0; g < groups; g++) {
    const [from, to] = [g, g + 1].map((i) => Math.floor((i * values.length) / groups)) as [
      number,
      number,
    ];
    const group = values.slice(from, to);
    drawn.steps.push(steps[to - 1]!);
    drawn.values.push(group.reduce((sum, value) => sum + value, 0) / group.length);
    drawn.lows.push(Math.min(...group));
    drawn.highs.push(Math.max(...group));
  }
  return { name, ...drawn, smooth: smoothed(drawn.values) };
}

/** s ← s + α (x − s), α = 2/(span + 1), begun without a bias towards the first value. */
function smoothed(values: readonly number[]): number[] {
  const rate = 2 / (Math.max(1, values.length * SPAN) + 1);
  let [sum, weight] = [0, 0];
  return values.map((value) => {
    sum += rate * (value - sum);
    weight += rate * (1 - weight);
    return sum / weight;
  });
}
