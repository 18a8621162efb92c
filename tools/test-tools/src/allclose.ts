import * as tf from '@tensorflow/tfjs';

/** A tensor, or its values in row-major order. */
export type Values = tf.Tensor | ArrayLike<number>;

/** How far values may be from what is expected. */
export interface Tolerance {
  /** Allowed error relative to |expected|. */
  rtol?: number;
  /** Allowed absolute error, which decides near zero. */
  atol?: number;
}

interface Comparison {
  readonly pass: boolean;
  /** How many values differ and which differs most, or that all agree. */
  readonly message: string;
}

// A few dozen roundings of float32 (ε ≈ 1.2e-7); a test that needs more says why.
const defaults = { rtol: 1e-5, atol: 1e-6 };

/**
 * NumPy's `assert_allclose`: |actual − expected| ≤ atol + rtol·|expected| for each element.
 * Equal infinities agree, and so do two NaNs. Shapes are compared when both sides are tensors.
 */
export function allclose(actual: Values, expected: Values, tolerance: Tolerance = {}): Comparison {
  const { rtol, atol } = { ...defaults, ...tolerance };
  const fail = (reason: string) => ({ pass: false, message: reason });

  if (actual instanceof tf.Tensor && expected instanceof tf.Tensor) {
    const [got, wanted] = [`[${actual.shape}]`, `[${expected.shape}]`];
    if (got !== wanted) return fail(`expected shape ${wanted}, got ${got}`);
  }
  const a = valuesOf(actual);
  const e = valuesOf(expected);
  if (a.length !== e.length) return fail(`expected ${e.length} values, got ${a.length}`);

  let wrong = 0;
  let worst = 0;
  let worstExcess = -Infinity;
  for (let i = 0; i < a.length; i++) {
    const excess = error(a[i]!, e[i]!) - (atol + rtol * Math.abs(e[i]!));
    // An infinite `expected` makes NaN here unless the two are equal; NaN is not within tolerance.
    const ranked =
      Object.is(a[i], e[i]) || a[i] === e[i] ? -Infinity : Number.isNaN(excess) ? Infinity : excess;
    if (ranked > 0) wrong++;
    if (ranked > worstExcess) [worst, worstExcess] = [i, ranked];
  }
  if (wrong > 0) {
    const [got, wanted] = [a[worst]!, e[worst]!];
    const absolute = error(got, wanted);
    return fail(
      `${wrong} of ${a.length} values differ (rtol ${rtol}, atol ${atol}); the worst is at ` +
        `${indexText(worst, actual, expected)}: actual ${got}, expected ${wanted}, ` +
        `absolute error ${absolute.toPrecision(3)}, ` +
        `relative error ${(absolute / Math.abs(wanted)).toPrecision(3)}`,
    );
  }
  return { pass: true, message: `all ${a.length} values agree (rtol ${rtol}, atol ${atol})` };
}

function valuesOf(values: Values): ArrayLike<number> {
  return values instanceof tf.Tensor ? values.dataSync() : values;
}

function error(actual: number, expected: number): number {
  return Math.abs(actual - expected);
}

function indexText(flat: number, ...sides: Values[]): string {
  const shape = sides.find((side) => side instanceof tf.Tensor)?.shape;
  if (!shape || shape.length < 2) return `index ${flat}`;
  let rest = flat;
  const index = shape.map(() => 0);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return `[${index}]`;
}
