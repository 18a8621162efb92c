// Unary and binary operations on float32. The numbers of the operations are shared with
// src/lib/operations.ts. Tasks take fixed ranges of elements.
import { arg, argF, argP, DIMS, setArg, setArgF } from './layout';
import { parallel } from './pool';
import { cos4, erf4, exp4, expm1_4, log1p4, log4, select, sigmoid4, sign4, sin4, softplus4, tanh4 } from './vector-math';

const GRAIN: i32 = 16384;

// Tags that pick an operation at compile time: an operation's number as a value, even a constant one,
// would be merged into one slow loop with a chain of comparisons.
class Abs {}
class Neg {}
class Square {}
class Sqrt {}
class Rsqrt {}
class Reciprocal {}
class Exp {}
class Expm1 {}
class Log {}
class Log1p {}
class Tanh {}
class Sigmoid {}
class Softplus {}
class Relu {}
class Relu6 {}
class Elu {}
class Selu {}
class LeakyRelu {}
class Step {}
class Sign {}
class Floor {}
class Ceil {}
class ClipByValue {}
class Round {}
class Sin {}
class Cos {}
class Erf {}
class Add {}
class Sub {}
class Multiply {}
class RealDiv {}
class Maximum {}
class Minimum {}
class SquaredDifference {}
class EluGrad {}
class Prelu {}
class Pow {}
class FloorDiv {}
class Equal {}
class NotEqual {}
class Greater {}
class GreaterEqual {}
class Less {}
class LessEqual {}
class IsFinite {}
class IsInf {}
class EqualInt {}
class NotEqualInt {}
class GreaterInt {}
class GreaterEqualInt {}
class LessInt {}
class LessEqualInt {}

// @ts-expect-error: AssemblyScript decorator
@inline
function c(x: f32): v128 {
  return f32x4.splat(x);
}

// @ts-expect-error: AssemblyScript decorator
@inline
function unary<T>(x: v128, p: v128, q: v128): v128 {
  if (idof<T>() == idof<Abs>()) return f32x4.abs(x);
  if (idof<T>() == idof<Neg>()) return f32x4.neg(x);
  if (idof<T>() == idof<Square>()) return f32x4.mul(x, x);
  if (idof<T>() == idof<Sqrt>()) return f32x4.sqrt(x);
  if (idof<T>() == idof<Rsqrt>()) return f32x4.div(c(1), f32x4.sqrt(x));
  if (idof<T>() == idof<Reciprocal>()) return f32x4.div(c(1), x);
  if (idof<T>() == idof<Exp>()) return exp4(x);
  if (idof<T>() == idof<Expm1>()) return expm1_4(x);
  if (idof<T>() == idof<Log>()) return log4(x);
  if (idof<T>() == idof<Log1p>()) return log1p4(x);
  if (idof<T>() == idof<Tanh>()) return tanh4(x);
  if (idof<T>() == idof<Sigmoid>()) return sigmoid4(x);
  if (idof<T>() == idof<Softplus>()) return softplus4(x);
  if (idof<T>() == idof<Relu>()) return f32x4.max(x, c(0));
  if (idof<T>() == idof<Relu6>()) return f32x4.min(f32x4.max(x, c(0)), c(6));
  if (idof<T>() == idof<Elu>()) return select(f32x4.lt(x, c(0)), expm1_4(x), x);
  if (idof<T>() == idof<Selu>()) {
    const scale = c(1.0507009873554804934193349852946);
    const negative = f32x4.mul(expm1_4(x), c(1.7580993408473768599402175208123));
    return select(f32x4.lt(x, c(0)), negative, f32x4.mul(x, scale));
  }
  if (idof<T>() == idof<LeakyRelu>()) return select(f32x4.lt(x, c(0)), f32x4.mul(x, p), x);
  if (idof<T>() == idof<Step>()) {
    // step: NaN stays NaN, 1 above 0, else alpha.
    const y = select(f32x4.gt(x, c(0)), c(1), p);
    return select(f32x4.ne(x, x), x, y);
  }
  if (idof<T>() == idof<Sign>()) return sign4(x);
  if (idof<T>() == idof<Floor>()) return f32x4.floor(x);
  if (idof<T>() == idof<Ceil>()) return f32x4.ceil(x);
  // pmax and pmin return their first operand for NaN.
  if (idof<T>() == idof<ClipByValue>()) return f32x4.pmin(f32x4.pmax(x, p), q);
  // Halves to even, as in tfjs.
  if (idof<T>() == idof<Round>()) return f32x4.nearest(x);
  if (idof<T>() == idof<Sin>()) return sin4(x);
  if (idof<T>() == idof<Cos>()) return cos4(x);
  if (idof<T>() == idof<Erf>()) return erf4(x);
  return x;
}

function unaryLoop<T>(x: usize, y: usize, n: i32, alpha: f32, beta: f32): void {
  const p = c(alpha), q = c(beta);
  while (n >= 4) {
    v128.store(y, unary<T>(v128.load(x), p, q));
    x += 16; y += 16; n -= 4;
  }
  while (n > 0) {
    store<f32>(y, f32x4.extract_lane(unary<T>(v128.load32_zero(x), p, q), 0));
    x += 4; y += 4; --n;
  }
}

function unaryTask(i: i32): void {
  const n = arg(2), op = arg(3);
  const start = i * GRAIN;
  const x = argP(0) + (<usize>start << 2), y = argP(1) + (<usize>start << 2);
  const count = min(GRAIN, n - start);
  const p = argF(4), q = argF(5);
  switch (op) {
    case 0: unaryLoop<Abs>(x, y, count, p, q); break;
    case 1: unaryLoop<Neg>(x, y, count, p, q); break;
    case 2: unaryLoop<Square>(x, y, count, p, q); break;
    case 3: unaryLoop<Sqrt>(x, y, count, p, q); break;
    case 4: unaryLoop<Rsqrt>(x, y, count, p, q); break;
    case 5: unaryLoop<Reciprocal>(x, y, count, p, q); break;
    case 6: unaryLoop<Exp>(x, y, count, p, q); break;
    case 7: unaryLoop<Expm1>(x, y, count, p, q); break;
    case 8: unaryLoop<Log>(x, y, count, p, q); break;
    case 9: unaryLoop<Log1p>(x, y, count, p, q); break;
    case 10: unaryLoop<Tanh>(x, y, count, p, q); break;
    case 11: unaryLoop<Sigmoid>(x, y, count, p, q); break;
    case 12: unaryLoop<Softplus>(x, y, count, p, q); break;
    case 13: unaryLoop<Relu>(x, y, count, p, q); break;
    case 14: unaryLoop<Relu6>(x, y, count, p, q); break;
    case 15: unaryLoop<Elu>(x, y, count, p, q); break;
    case 16: unaryLoop<Selu>(x, y, count, p, q); break;
    case 17: unaryLoop<LeakyRelu>(x, y, count, p, q); break;
    case 18: unaryLoop<Step>(x, y, count, p, q); break;
    case 19: unaryLoop<Sign>(x, y, count, p, q); break;
    case 20: unaryLoop<Floor>(x, y, count, p, q); break;
    case 21: unaryLoop<Ceil>(x, y, count, p, q); break;
    case 22: unaryLoop<ClipByValue>(x, y, count, p, q); break;
    case 23: unaryLoop<Round>(x, y, count, p, q); break;
    case 24: unaryLoop<Sin>(x, y, count, p, q); break;
    case 25: unaryLoop<Cos>(x, y, count, p, q); break;
    case 26: unaryLoop<Erf>(x, y, count, p, q); break;
    default: unreachable();
  }
}

/** y[i] = op(x[i]); p and q are the operation's parameters. y may be x. */
export function unaryOp(op: i32, x: usize, y: usize, n: i32, p: f32, q: f32): void {
  setArg(0, <i32>x); setArg(1, <i32>y); setArg(2, n); setArg(3, op); setArgF(4, p); setArgF(5, q);
  parallel(unaryTask.index, (n + GRAIN - 1) / GRAIN);
}

// --- binary with broadcasting -------------------------------------------------------------------

const FIRST_COMPARISON: i32 = 16;

/** JavaScript's a ** b, which is NaN where C's is 1: for 1 ** NaN and for ±1 ** ±∞. */
function pow1(a: f32, b: f32): f32 {
  if (b != b || (abs(a) == 1 && abs(b) == Infinity)) return NaN;
  return Mathf.pow(a, b);
}

/** Lane by lane: the exponential of a product of a rounded logarithm would lose digits. */
function pow4(a: v128, b: v128): v128 {
  let y = f32x4.splat(pow1(f32x4.extract_lane(a, 0), f32x4.extract_lane(b, 0)));
  y = f32x4.replace_lane(y, 1, pow1(f32x4.extract_lane(a, 1), f32x4.extract_lane(b, 1)));
  y = f32x4.replace_lane(y, 2, pow1(f32x4.extract_lane(a, 2), f32x4.extract_lane(b, 2)));
  return f32x4.replace_lane(y, 3, pow1(f32x4.extract_lane(a, 3), f32x4.extract_lane(b, 3)));
}

/** ⌊a/b⌋ of the quotient in float64: one that float32 rounds up to an integer would be off by one. */
function floorDiv4(a: v128, b: v128): v128 {
  const low = f64x2.floor(f64x2.div(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(b)));
  const a2 = i64x2.shuffle(a, a, 1, 1), b2 = i64x2.shuffle(b, b, 1, 1);
  const high = f64x2.floor(f64x2.div(f64x2.promote_low_f32x4(a2), f64x2.promote_low_f32x4(b2)));
  return i64x2.shuffle(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

// @ts-expect-error: AssemblyScript decorator
@inline
function binary<T>(a: v128, b: v128): v128 {
  if (idof<T>() == idof<Add>()) return f32x4.add(a, b);
  if (idof<T>() == idof<Sub>()) return f32x4.sub(a, b);
  if (idof<T>() == idof<Multiply>()) return f32x4.mul(a, b);
  if (idof<T>() == idof<RealDiv>()) return f32x4.div(a, b);
  if (idof<T>() == idof<Maximum>()) return f32x4.max(a, b);
  if (idof<T>() == idof<Minimum>()) return f32x4.min(a, b);
  if (idof<T>() == idof<SquaredDifference>()) {
    const d = f32x4.sub(a, b);
    return f32x4.mul(d, d);
  }
  // eluGrad: a = dy, b = y.
  if (idof<T>() == idof<EluGrad>()) return select(f32x4.ge(b, c(0)), a, f32x4.mul(a, f32x4.add(b, c(1))));
  // prelu: a = x, b = alpha.
  if (idof<T>() == idof<Prelu>()) return select(f32x4.lt(a, c(0)), f32x4.mul(a, b), a);
  if (idof<T>() == idof<Pow>()) return pow4(a, b);
  if (idof<T>() == idof<FloorDiv>()) return floorDiv4(a, b);
  if (idof<T>() == idof<Equal>()) return f32x4.eq(a, b);
  if (idof<T>() == idof<NotEqual>()) return f32x4.ne(a, b);
  if (idof<T>() == idof<Greater>()) return f32x4.gt(a, b);
  if (idof<T>() == idof<GreaterEqual>()) return f32x4.ge(a, b);
  if (idof<T>() == idof<Less>()) return f32x4.lt(a, b);
  if (idof<T>() == idof<LessEqual>()) return f32x4.le(a, b);
  // These two look at a alone.
  if (idof<T>() == idof<IsFinite>()) return f32x4.lt(f32x4.abs(a), c(Infinity));
  if (idof<T>() == idof<IsInf>()) return f32x4.eq(f32x4.abs(a), c(Infinity));
  if (idof<T>() == idof<EqualInt>()) return i32x4.eq(a, b);
  if (idof<T>() == idof<NotEqualInt>()) return i32x4.ne(a, b);
  if (idof<T>() == idof<GreaterInt>()) return i32x4.gt_s(a, b);
  if (idof<T>() == idof<GreaterEqualInt>()) return i32x4.ge_s(a, b);
  if (idof<T>() == idof<LessInt>()) return i32x4.lt_s(a, b);
  return i32x4.le_s(a, b); // LessEqualInt
}

// @ts-expect-error: AssemblyScript decorator
@inline
function isComparison<T>(): bool {
  return (
    idof<T>() == idof<Equal>() || idof<T>() == idof<NotEqual>() || idof<T>() == idof<Greater>() ||
    idof<T>() == idof<GreaterEqual>() || idof<T>() == idof<Less>() || idof<T>() == idof<LessEqual>() ||
    idof<T>() == idof<IsFinite>() || idof<T>() == idof<IsInf>() ||
    idof<T>() == idof<EqualInt>() || idof<T>() == idof<NotEqualInt>() || idof<T>() == idof<GreaterInt>() ||
    idof<T>() == idof<GreaterEqualInt>() || idof<T>() == idof<LessInt>() || idof<T>() == idof<LessEqualInt>()
  );
}

/** Four lanes of a mask as four bytes 0 or 1. */
// @ts-expect-error: AssemblyScript decorator
@inline
function storeMask(y: usize, mask: v128): void {
  const ones = v128.and(mask, i32x4.splat(1));
  const shorts = i16x8.narrow_i32x4_s(ones, ones);
  v128.store32_lane(y, i8x16.narrow_i16x8_u(shorts, shorts), 0);
}

/** Inner loop; `sa` and `sb` are 1, or 0 for an operand that stays the same. */
function binaryLoop<T>(a: usize, b: usize, y: usize, n: i32, sa: i32, sb: i32): void {
  const boolean = isComparison<T>();
  const yStep: usize = boolean ? 4 : 16;
  if (sa == 1 && sb == 1) {
    while (n >= 4) {
      const v = binary<T>(v128.load(a), v128.load(b));
      if (boolean) storeMask(y, v);
      else v128.store(y, v);
      a += 16; b += 16; y += yStep; n -= 4;
    }
  } else if (sa == 1) {
    const right = v128.load32_splat(b);
    while (n >= 4) {
      const v = binary<T>(v128.load(a), right);
      if (boolean) storeMask(y, v);
      else v128.store(y, v);
      a += 16; y += yStep; n -= 4;
    }
  } else {
    const left = v128.load32_splat(a);
    while (n >= 4) {
      const v = binary<T>(left, sb == 1 ? v128.load(b) : v128.load32_splat(b));
      if (boolean) storeMask(y, v);
      else v128.store(y, v);
      if (sb == 1) b += 16;
      y += yStep; n -= 4;
    }
  }
  while (n > 0) {
    const v = binary<T>(v128.load32_splat(a), v128.load32_splat(b));
    if (boolean) {
      store<u8>(y, <u8>(i32x4.extract_lane(v, 0) & 1));
      y += 1;
    } else {
      store<f32>(y, f32x4.extract_lane(v, 0));
      y += 4;
    }
    a += <usize>sa << 2;
    b += <usize>sb << 2;
    --n;
  }
}

function binaryRange(op: i32, a: usize, b: usize, y: usize, n: i32, sa: i32, sb: i32): void {
  switch (op) {
    case 0: binaryLoop<Add>(a, b, y, n, sa, sb); break;
    case 1: binaryLoop<Sub>(a, b, y, n, sa, sb); break;
    case 2: binaryLoop<Multiply>(a, b, y, n, sa, sb); break;
    case 3: binaryLoop<RealDiv>(a, b, y, n, sa, sb); break;
    case 4: binaryLoop<Maximum>(a, b, y, n, sa, sb); break;
    case 5: binaryLoop<Minimum>(a, b, y, n, sa, sb); break;
    case 6: binaryLoop<SquaredDifference>(a, b, y, n, sa, sb); break;
    case 7: binaryLoop<EluGrad>(a, b, y, n, sa, sb); break;
    case 8: binaryLoop<Prelu>(a, b, y, n, sa, sb); break;
    case 9: binaryLoop<Pow>(a, b, y, n, sa, sb); break;
    case 10: binaryLoop<FloorDiv>(a, b, y, n, sa, sb); break;
    case 16: binaryLoop<Equal>(a, b, y, n, sa, sb); break;
    case 17: binaryLoop<NotEqual>(a, b, y, n, sa, sb); break;
    case 18: binaryLoop<Greater>(a, b, y, n, sa, sb); break;
    case 19: binaryLoop<GreaterEqual>(a, b, y, n, sa, sb); break;
    case 20: binaryLoop<Less>(a, b, y, n, sa, sb); break;
    case 21: binaryLoop<LessEqual>(a, b, y, n, sa, sb); break;
    case 22: binaryLoop<IsFinite>(a, b, y, n, sa, sb); break;
    case 23: binaryLoop<IsInf>(a, b, y, n, sa, sb); break;
    case 24: binaryLoop<EqualInt>(a, b, y, n, sa, sb); break;
    case 25: binaryLoop<NotEqualInt>(a, b, y, n, sa, sb); break;
    case 26: binaryLoop<GreaterInt>(a, b, y, n, sa, sb); break;
    case 27: binaryLoop<GreaterEqualInt>(a, b, y, n, sa, sb); break;
    case 28: binaryLoop<LessInt>(a, b, y, n, sa, sb); break;
    case 29: binaryLoop<LessEqualInt>(a, b, y, n, sa, sb); break;
    default: unreachable();
  }
}

/** Elements per task where the innermost run is shorter than a task. */
// @ts-expect-error: AssemblyScript decorator
@inline
function runsPerTask(inner: i32): i32 {
  return max(1, GRAIN / max(1, inner));
}

function binaryTask(i: i32): void {
  const op = arg(3), outer = arg(4), inner = arg(5), rank = arg(6);
  const sa = arg(7), sb = arg(8);
  const yBytes: usize = op >= FIRST_COMPARISON ? 1 : 4;
  if (outer == 1) {
    const start = i * GRAIN;
    const s = <usize>start;
    binaryRange(op, argP(0) + (s * <usize>sa << 2), argP(1) + (s * <usize>sb << 2), argP(2) + s * yBytes, min(GRAIN, inner - start), sa, sb);
    return;
  }
  const per = runsPerTask(inner);
  const last = min(outer, (i + 1) * per);
  for (let run = i * per; run < last; ++run) {
    let rest = run;
    let a = argP(0), b = argP(1);
    for (let d = rank - 1; d >= 0; --d) {
      const size = load<i32>(DIMS + (<usize>d << 2));
      const index = <usize>(rest % size);
      rest /= size;
      a += index * <usize>load<i32>(DIMS + 64 + (<usize>d << 2)) << 2;
      b += index * <usize>load<i32>(DIMS + 128 + (<usize>d << 2)) << 2;
    }
    binaryRange(op, a, b, argP(2) + <usize>run * <usize>inner * yBytes, inner, sa, sb);
  }
}

/**
 * y = op(a, b) over `outer` runs of `inner` elements. DIMS holds the outer sizes, then a's and b's
 * strides in elements (64 bytes apart); `sa` and `sb` are the inner strides, 0 or 1.
 */
export function binaryOp(
  op: i32, a: usize, b: usize, y: usize, outer: i32, inner: i32, rank: i32, sa: i32, sb: i32,
): void {
  setArg(0, <i32>a); setArg(1, <i32>b); setArg(2, <i32>y); setArg(3, op);
  setArg(4, outer); setArg(5, inner); setArg(6, rank); setArg(7, sa); setArg(8, sb);
  const per = runsPerTask(inner);
  parallel(binaryTask.index, outer == 1 ? (inner + GRAIN - 1) / GRAIN : (outer + per - 1) / per);
}

export function dimsAddress(): usize {
  return DIMS;
}

// --- select, casts, fill, sums of several tensors -----------------------------------------------

function selectTask(i: i32): void {
  const start = <usize>(i * GRAIN);
  let mask = argP(0) + start;
  let a = argP(1) + (start << 2), b = argP(2) + (start << 2), y = argP(3) + (start << 2);
  let n = min(GRAIN, arg(4) - i * GRAIN);
  while (n >= 4) {
    const bytes = v128.load32_zero(mask);
    const wide = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes));
    v128.store(y, select(i32x4.ne(wide, i32x4.splat(0)), v128.load(a), v128.load(b)));
    mask += 4; a += 16; b += 16; y += 16; n -= 4;
  }
  while (n > 0) {
    store<u32>(y, load<u8>(mask) ? load<u32>(a) : load<u32>(b));
    mask += 1; a += 4; b += 4; y += 4; --n;
  }
}

/** y = mask ? a : b, elementwise, words and a mask of bytes. */
export function selectOp(mask: usize, a: usize, b: usize, y: usize, n: i32): void {
  setArg(0, <i32>mask); setArg(1, <i32>a); setArg(2, <i32>b); setArg(3, <i32>y); setArg(4, n);
  parallel(selectTask.index, (n + GRAIN - 1) / GRAIN);
}

/** A float as int32 the way JavaScript does it: towards zero, modulo 2³², NaN and infinities as 0. */
function toInt32(x: f32): i32 {
  const bits = reinterpret<i32>(x);
  const exponent = ((bits >>> 23) & 255) - 127;
  if (exponent < 31) return <i32>x;
  const shift = exponent - 23;
  if (shift > 31) return 0;
  const whole = ((bits & 0x7fffff) | 0x800000) << shift;
  return bits < 0 ? -whole : whole;
}

class FloatToInt {}
class FloatToBool {}
class IntToFloat {}
class IntToBool {}
class BoolToFloat {}
class BoolToInt {}

// @ts-expect-error: AssemblyScript decorator
@inline
function fromBool<T>(): bool {
  return idof<T>() == idof<BoolToFloat>() || idof<T>() == idof<BoolToInt>();
}

// @ts-expect-error: AssemblyScript decorator
@inline
function toBool<T>(): bool {
  return idof<T>() == idof<FloatToBool>() || idof<T>() == idof<IntToBool>();
}

/** Four lanes; for a bool result a mask. */
// @ts-expect-error: AssemblyScript decorator
@inline
function cast<T>(x: v128): v128 {
  if (idof<T>() == idof<FloatToBool>()) return f32x4.ne(x, c(0));
  if (idof<T>() == idof<IntToBool>()) return i32x4.ne(x, i32x4.splat(0));
  if (idof<T>() == idof<BoolToInt>()) return x;
  if (idof<T>() == idof<FloatToInt>()) {
    if (v128.any_true(v128.not(f32x4.lt(f32x4.abs(x), c(2147483648))))) {
      let y = i32x4.splat(toInt32(f32x4.extract_lane(x, 0)));
      y = i32x4.replace_lane(y, 1, toInt32(f32x4.extract_lane(x, 1)));
      y = i32x4.replace_lane(y, 2, toInt32(f32x4.extract_lane(x, 2)));
      return i32x4.replace_lane(y, 3, toInt32(f32x4.extract_lane(x, 3)));
    }
    return i32x4.trunc_sat_f32x4_s(x);
  }
  return f32x4.convert_i32x4_s(x);
}

function castLoop<T>(x: usize, y: usize, start: usize, n: i32): void {
  x += fromBool<T>() ? start : start << 2;
  y += toBool<T>() ? start : start << 2;
  while (n >= 4) {
    const from = fromBool<T>()
      ? i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(x)))
      : v128.load(x);
    const to = cast<T>(from);
    if (toBool<T>()) storeMask(y, to);
    else v128.store(y, to);
    x += fromBool<T>() ? 4 : 16;
    y += toBool<T>() ? 4 : 16;
    n -= 4;
  }
  while (n > 0) {
    const from = fromBool<T>() ? i32x4.splat(<i32>load<u8>(x)) : v128.load32_splat(x);
    const to = i32x4.extract_lane(cast<T>(from), 0);
    if (toBool<T>()) store<u8>(y, <u8>(to & 1));
    else store<i32>(y, to);
    x += fromBool<T>() ? 1 : 4;
    y += toBool<T>() ? 1 : 4;
    --n;
  }
}

function castTask(i: i32): void {
  const start = i * GRAIN, n = min(GRAIN, arg(2) - start);
  switch (arg(3)) {
    case 0: castLoop<FloatToInt>(argP(0), argP(1), start, n); break;
    case 1: castLoop<FloatToBool>(argP(0), argP(1), start, n); break;
    case 2: castLoop<IntToFloat>(argP(0), argP(1), start, n); break;
    case 3: castLoop<IntToBool>(argP(0), argP(1), start, n); break;
    case 4: castLoop<BoolToFloat>(argP(0), argP(1), start, n); break;
    case 5: castLoop<BoolToInt>(argP(0), argP(1), start, n); break;
    default: unreachable();
  }
}

/** Another dtype; `kind` is a number of CAST in src/lib/kernels/operations.ts. */
export function castOp(x: usize, y: usize, n: i32, kind: i32): void {
  setArg(0, <i32>x); setArg(1, <i32>y); setArg(2, n); setArg(3, kind);
  parallel(castTask.index, (n + GRAIN - 1) / GRAIN);
}

// --- booleans -----------------------------------------------------------------------------------

class And {}
class Or {}
class Not {}

// @ts-expect-error: AssemblyScript decorator
@inline
function logical<T>(a: v128, b: v128): v128 {
  const zero = i8x16.splat(0);
  let y = i8x16.ne(a, zero);
  if (idof<T>() == idof<Not>()) y = v128.not(y);
  if (idof<T>() == idof<And>()) y = v128.and(y, i8x16.ne(b, zero));
  if (idof<T>() == idof<Or>()) y = v128.or(y, i8x16.ne(b, zero));
  return v128.and(y, i8x16.splat(1));
}

function logicalLoop<T>(a: usize, b: usize, y: usize, n: i32): void {
  while (n >= 16) {
    v128.store(y, logical<T>(v128.load(a), v128.load(b)));
    a += 16; b += 16; y += 16; n -= 16;
  }
  while (n > 0) {
    v128.store8_lane(y, logical<T>(v128.load8_splat(a), v128.load8_splat(b)), 0);
    ++a; ++b; ++y; --n;
  }
}

function logicalTask(i: i32): void {
  const start = <usize>(i * GRAIN), n = min(GRAIN, arg(3) - i * GRAIN);
  const a = argP(0) + start, b = argP(1) + start, y = argP(2) + start;
  switch (arg(4)) {
    case 0: logicalLoop<And>(a, b, y, n); break;
    case 1: logicalLoop<Or>(a, b, y, n); break;
    default: logicalLoop<Not>(a, b, y, n);
  }
}

/** y = a and b (0), a or b (1), not a (2), elementwise on bytes. */
export function logicalOp(op: i32, a: usize, b: usize, y: usize, n: i32): void {
  setArg(0, <i32>a); setArg(1, <i32>b); setArg(2, <i32>y); setArg(3, n); setArg(4, op);
  parallel(logicalTask.index, (n + GRAIN - 1) / GRAIN);
}

function fillTask(i: i32): void {
  const start = <usize>(i * GRAIN);
  let y = argP(0) + (start << 2);
  let n = min(GRAIN, arg(1) - i * GRAIN);
  const value = arg(2);
  const four = i32x4.splat(value);
  while (n >= 4) {
    v128.store(y, four);
    y += 16; n -= 4;
  }
  while (n > 0) {
    store<i32>(y, value);
    y += 4; --n;
  }
}

/** Fills n 32-bit words with the same bits. */
export function fillWords(y: usize, n: i32, bits: i32): void {
  setArg(0, <i32>y); setArg(1, n); setArg(2, bits);
  parallel(fillTask.index, (n + GRAIN - 1) / GRAIN);
}

export function fillFloat(y: usize, n: i32, value: f32): void {
  fillWords(y, n, reinterpret<i32>(value));
}
