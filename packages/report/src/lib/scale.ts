/** Maps values to 0 … 1. */
export interface Scale {
  readonly place: (value: number) => number;
  /** Round values to label. */
  readonly ticks: readonly number[];
}

/** A straight scale from `low` to `high`, about `count` ticks at 1, 2 or 5 times a power of ten. */
export function linearScale(low: number, high: number, count: number): Scale {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const unit = [1, 2, 5, 10].find((factor) => factor * power >= rough)! * power;
  const ticks: number[] = [];
  for (let i = Math.ceil(low / unit); i * unit <= high + unit * 1e-9; i++) {
    ticks.push(Number((i * unit).toPrecision(12)));
  }
  return { place: (value) => (value - low) / (high - low), ticks };
}

/** A logarithmic scale, ticks at powers of ten, or at 1, 2 and 5 times those if there are few. */
export function logarithmicScale(low: number, high: number, count: number): Scale {
  const [from, to] = [Math.log10(low), Math.log10(high)];
  const ticks: number[] = [];
  const every = Math.max(1, Math.ceil((to - from) / count));
  const factors = to - from < 2 ? [1, 2, 5] : [1];
  for (let power = Math.floor(from / every) * every; power <= to; power += every) {
    for (const factor of factors) {
      const tick = Number((factor * 10 ** power).toPrecision(1));
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  return { place: (value) => (Math.log10(value) - from) / (to - from), ticks };
}

/** The range of most values: a hundredth at either end may lie outside, with a margin. */
export function rangeOf(values: readonly number[], logarithmic: boolean): [number, number] {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) return logarithmic ? [0.1, 10] : [0, 1];
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  const [low, high] = [at(0.01), at(0.99)];
  // What differs by rounding alone is drawn as one value.
  const flat = high - low <= 1e-6 * Math.abs(high);
  if (logarithmic) return flat ? [low / 2, high * 2] : [low / 1.2, high * 1.2];
  const margin = flat ? Math.abs(low) / 10 || 1 : (high - low) * 0.06;
  return [low - margin, high + margin];
}
