// Elementary functions on four float32 lanes. Polynomials and reductions follow the Cephes library's
// single-precision routines (Moshier 1989); errors stay below 2 units in the last place unless noted.
import { madd } from './gemm';

// @ts-expect-error: AssemblyScript decorator
@inline
function c(x: f32): v128 {
  return f32x4.splat(x);
}

// @ts-expect-error: AssemblyScript decorator
@inline
export function select(mask: v128, whenTrue: v128, whenFalse: v128): v128 {
  return v128.bitselect(whenTrue, whenFalse, mask);
}

/** −1, 0 or 1; NaN of NaN. */
// @ts-expect-error: AssemblyScript decorator
@inline
export function sign4(x: v128): v128 {
  const sign = f32x4.sub(v128.and(f32x4.gt(x, c(0)), c(1)), v128.and(f32x4.lt(x, c(0)), c(1)));
  return select(f32x4.ne(x, x), x, sign);
}

/** (exp(r) − 1 − r) for |r| ≤ ½ ln 2. */
// @ts-expect-error: AssemblyScript decorator
@inline
function expTail(r: v128): v128 {
  let p = madd(c(1.9875691500e-4), r, c(1.3981999507e-3));
  p = madd(p, r, c(8.3334519073e-3));
  p = madd(p, r, c(4.1665795894e-2));
  p = madd(p, r, c(1.6666665459e-1));
  p = madd(p, r, c(5.0000001201e-1));
  return f32x4.mul(p, f32x4.mul(r, r));
}

// @ts-expect-error: AssemblyScript decorator
@inline
function reduceExp(x: v128, n: v128): v128 {
  const r = madd(n, c(-0.693359375), x);
  return madd(n, c(2.12194440e-4), r);
}

/** 2ⁿ for integer-valued lanes of n, in two factors so that every result is reached without overflow. */
// @ts-expect-error: AssemblyScript decorator
@inline
function scaleByPowerOfTwo(y: v128, n: v128): v128 {
  const whole = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(whole, 1);
  const a = i32x4.shl(i32x4.add(half, i32x4.splat(127)), 23);
  const b = i32x4.shl(i32x4.add(i32x4.sub(whole, half), i32x4.splat(127)), 23);
  return f32x4.mul(f32x4.mul(y, a), b);
}

export function exp4(x: v128): v128 {
  const clamped = f32x4.pmax(f32x4.pmin(x, c(89)), c(-104));
  const n = f32x4.nearest(f32x4.mul(clamped, c(1.44269504088896341)));
  const r = reduceExp(clamped, n);
  const y = scaleByPowerOfTwo(f32x4.add(f32x4.add(expTail(r), r), c(1)), n);
  return select(f32x4.ne(x, x), x, y);
}

export function expm1_4(x: v128): v128 {
  const clamped = f32x4.pmax(f32x4.pmin(x, c(89)), c(-104));
  const n = f32x4.nearest(f32x4.mul(clamped, c(1.44269504088896341)));
  const r = reduceExp(clamped, n);
  const tail = expTail(r);
  const small = f32x4.add(tail, r);
  const large = f32x4.sub(scaleByPowerOfTwo(f32x4.add(small, c(1)), n), c(1));
  const y = select(f32x4.eq(n, c(0)), small, large);
  return select(f32x4.ne(x, x), x, y);
}

export function log4(x: v128): v128 {
  const tiny = f32x4.lt(x, c(1.17549435e-38));
  const scaled = select(tiny, f32x4.mul(x, c(8388608)), x);
  const bits = scaled;
  let e = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(bits, 23), i32x4.splat(126)));
  e = f32x4.sub(e, v128.and(tiny, c(23)));
  let m = v128.or(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000));
  const low = f32x4.lt(m, c(0.707106781186547524));
  e = f32x4.sub(e, v128.and(low, c(1)));
  m = f32x4.add(f32x4.sub(m, c(1)), v128.and(low, m));
  const z = f32x4.mul(m, m);
  let p = madd(c(7.0376836292e-2), m, c(-1.1514610310e-1));
  p = madd(p, m, c(1.1676998740e-1));
  p = madd(p, m, c(-1.2420140846e-1));
  p = madd(p, m, c(1.4249322787e-1));
  p = madd(p, m, c(-1.6668057665e-1));
  p = madd(p, m, c(2.0000714765e-1));
  p = madd(p, m, c(-2.4999993993e-1));
  p = madd(p, m, c(3.3333331174e-1));
  let y = f32x4.mul(f32x4.mul(p, m), z);
  y = madd(e, c(-2.12194440e-4), y);
  y = madd(z, c(-0.5), y);
  y = f32x4.add(m, y);
  y = madd(e, c(0.693359375), y);
  y = select(f32x4.eq(x, c(Infinity)), x, y);
  y = select(f32x4.eq(x, c(0)), c(-Infinity), y);
  return select(f32x4.ge(x, c(0)), y, c(NaN));
}

/** log(1 + x), exact to rounding for small x (Goldberg 1991, theorem 4). */
export function log1p4(x: v128): v128 {
  const w = f32x4.add(c(1), x);
  const d = f32x4.sub(w, c(1));
  const y = f32x4.mul(log4(w), f32x4.div(x, d));
  const same = f32x4.eq(w, c(1));
  const edge = v128.or(f32x4.eq(x, c(Infinity)), f32x4.eq(w, c(0)));
  return select(same, x, select(edge, log4(w), y));
}

export function tanh4(x: v128): v128 {
  const a = f32x4.abs(x);
  const z = f32x4.mul(x, x);
  let p = madd(c(-5.70498872745e-3), z, c(2.06390887954e-2));
  p = madd(p, z, c(-5.37397155531e-2));
  p = madd(p, z, c(1.33314422036e-1));
  p = madd(p, z, c(-3.33332819422e-1));
  const small = madd(f32x4.mul(p, z), x, x);
  const e = exp4(f32x4.add(a, a));
  const large = f32x4.sub(c(1), f32x4.div(c(2), f32x4.add(e, c(1))));
  const signed = v128.or(large, v128.and(x, i32x4.splat(0x80000000)));
  return select(f32x4.lt(a, c(0.625)), small, signed);
}

// @ts-expect-error: AssemblyScript decorator
@inline
export function sigmoid4(x: v128): v128 {
  return f32x4.div(c(1), f32x4.add(c(1), exp4(f32x4.neg(x))));
}

/** log(1 + eˣ) = max(x, 0) + log1p(e^−|x|). */
// @ts-expect-error: AssemblyScript decorator
@inline
export function softplus4(x: v128): v128 {
  return f32x4.add(f32x4.max(x, c(0)), log1p4(exp4(f32x4.neg(f32x4.abs(x)))));
}

/** cos(turns·π/2 + r) for |r| ≤ π/4. */
// @ts-expect-error: AssemblyScript decorator
@inline
function wave(turns: v128, r: v128): v128 {
  const z = f32x4.mul(r, r);
  let s = madd(c(-1.9515295891e-4), z, c(8.3321608736e-3));
  s = madd(s, z, c(-1.6666654611e-1));
  s = madd(f32x4.mul(s, z), r, r);
  let k = madd(c(2.443315711809948e-5), z, c(-1.388731625493765e-3));
  k = madd(k, z, c(4.166664568298827e-2));
  k = madd(f32x4.mul(k, z), z, madd(z, c(-0.5), c(1)));
  const odd = i32x4.ne(v128.and(turns, i32x4.splat(1)), i32x4.splat(0));
  const value = select(odd, s, k);
  // Quarters: cos: k, −s, −k, s.
  const negative = i32x4.ne(v128.and(i32x4.add(turns, i32x4.splat(1)), i32x4.splat(2)), i32x4.splat(0));
  return select(negative, f32x4.neg(value), value);
}

/** cos(x + quarter·π/2); lanes beyond the reach of a reduction in float32 go through float64. */
function cosShifted4(x: v128, quarter: i32): v128 {
  const q = f32x4.nearest(f32x4.mul(x, c(0.636619772367581343)));
  // π/2 in three parts (Cody and Waite 1980).
  let r = madd(q, c(-1.5703125), x);
  r = madd(q, c(-4.837512969970703125e-4), r);
  r = madd(q, c(-7.54978995489188216e-8), r);
  let y = wave(i32x4.add(i32x4.trunc_sat_f32x4_s(q), i32x4.splat(quarter)), r);
  if (v128.any_true(v128.not(f32x4.lt(f32x4.abs(x), c(8192))))) {
    y = f32x4.replace_lane(y, 0, cosShifted1(f32x4.extract_lane(x, 0), f32x4.extract_lane(y, 0), quarter));
    y = f32x4.replace_lane(y, 1, cosShifted1(f32x4.extract_lane(x, 1), f32x4.extract_lane(y, 1), quarter));
    y = f32x4.replace_lane(y, 2, cosShifted1(f32x4.extract_lane(x, 2), f32x4.extract_lane(y, 2), quarter));
    y = f32x4.replace_lane(y, 3, cosShifted1(f32x4.extract_lane(x, 3), f32x4.extract_lane(y, 3), quarter));
  }
  return y;
}

function cosShifted1(x: f32, y: f32, quarter: i32): f32 {
  if (abs(x) < 8192) return y;
  return <f32>(quarter == 0 ? Math.cos(<f64>x) : Math.sin(<f64>x));
}

export function cos4(x: v128): v128 {
  return cosShifted4(x, 0);
}

export function sin4(x: v128): v128 {
  // sin(−0) = −0 and denormals stay.
  return select(f32x4.lt(f32x4.abs(x), c(1e-4)), x, cosShifted4(x, -1));
}

/**
 * The error function: a polynomial below 1, else 1 − erfc by formula 7.1.26 of Abramowitz and Stegun
 * (1964), whose error is below 1.5e-7.
 */
export function erf4(x: v128): v128 {
  const a = f32x4.abs(x);
  const z = f32x4.mul(x, x);
  let p = madd(c(7.853861353153693e-5), z, c(-8.010193625184903e-4));
  p = madd(p, z, c(5.188327685732524e-3));
  p = madd(p, z, c(-2.685381193529856e-2));
  p = madd(p, z, c(1.128358514861418e-1));
  p = madd(p, z, c(-3.761262582423300e-1));
  p = madd(p, z, c(1.128379165726710));
  const small = f32x4.mul(x, p);
  const t = f32x4.div(c(1), madd(c(0.3275911), a, c(1)));
  let q = madd(c(1.061405429), t, c(-1.453152027));
  q = madd(q, t, c(1.421413741));
  q = madd(q, t, c(-0.284496736));
  q = madd(q, t, c(0.254829592));
  const large = f32x4.sub(c(1), f32x4.mul(f32x4.mul(q, t), exp4(f32x4.neg(z))));
  const signed = v128.or(large, v128.and(x, i32x4.splat(0x80000000)));
  return select(f32x4.lt(a, c(1)), small, signed);
}

/** cos(2πu) for u in [0, 1); `quarter` shifts by quarter turns, so −1 gives sin. */
export function cosTurns4(u: v128, quarter: i32): v128 {
  const q = f32x4.nearest(f32x4.mul(u, c(4)));
  const r = f32x4.mul(madd(q, c(-0.25), u), c(6.283185307179586));
  return wave(i32x4.add(i32x4.trunc_sat_f32x4_s(q), i32x4.splat(quarter)), r);
}
