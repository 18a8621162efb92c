// Unary and binary operations on float32. The numbers of the operations are shared with
// src/lib/operations.ts. Tasks take fixed ranges of elements.
import { arg, argF, argP, DIMS, setArg, setArgF } from './layout';
import { parallel } from './pool';
import { exp4, expm1_4, log1p4, log4, select, sigmoid4, softplus4, tanh4 } from './vector-math';

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
class Add {}
class Sub {}
class Multiply {}
class RealDiv {}
class Maximum {}
class Minimum {}
class SquaredDifference {}
class EluGrad {}
class Prelu {}
class Equal {}
class NotEqual {}
class Greater {}
class GreaterEqual {}
class Less {}
class LessEqual {}

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
  if (idof<T>() == idof<Sign>()) {
    const one = v128.or(c(1), v128.and(x, i32x4.splat(0x80000000)));
    const y = select(f32x4.eq(x, c(0)), c(0), one);
    return select(f32x4.ne(x, x), c(0), y);
  }
  if (idof<T>() == idof<Floor>()) return f32x4.floor(x);
  if (idof<T>() == idof<Ceil>()) return f32x4.ceil(x);
  // pmax and pmin return their first operand for NaN.
  if (idof<T>() == idof<ClipByValue>()) return f32x4.pmin(f32x4.pmax(x, p), q);
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
  if (idof<T>() == idof<Equal>()) return f32x4.eq(a, b);
  if (idof<T>() == idof<NotEqual>()) return f32x4.ne(a, b);
  if (idof<T>() == idof<Greater>()) return f32x4.gt(a, b);
  if (idof<T>() == idof<GreaterEqual>()) return f32x4.ge(a, b);
  if (idof<T>() == idof<Less>()) return f32x4.lt(a, b);
  return f32x4.le(a, b); // LessEqual
}

// @ts-expect-error: AssemblyScript decorator
@inline
function isComparison<T>(): bool {
  return (
    idof<T>() == idof<Equal>() || idof<T>() == idof<NotEqual>() || idof<T>() == idof<Greater>() ||
    idof<T>() == idof<GreaterEqual>() || idof<T>() == idof<Less>() || idof<T>() == idof<LessEqual>()
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
    case 16: binaryLoop<Equal>(a, b, y, n, sa, sb); break;
    case 17: binaryLoop<NotEqual>(a, b, y, n, sa, sb); break;
    case 18: binaryLoop<Greater>(a, b, y, n, sa, sb); break;
    case 19: binaryLoop<GreaterEqual>(a, b, y, n, sa, sb); break;
    case 20: binaryLoop<Less>(a, b, y, n, sa, sb); break;
    case 21: binaryLoop<LessEqual>(a, b, y, n, sa, sb); break;
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
    store<f32>(y, load<u8>(mask) ? load<f32>(a) : load<f32>(b));
    mask += 1; a += 4; b += 4; y += 4; --n;
  }
}

/** y = mask ? a : b, elementwise, float32 and a mask of bytes. */
export function selectOp(mask: usize, a: usize, b: usize, y: usize, n: i32): void {
  setArg(0, <i32>mask); setArg(1, <i32>a); setArg(2, <i32>b); setArg(3, <i32>y); setArg(4, n);
  parallel(selectTask.index, (n + GRAIN - 1) / GRAIN);
}

function castTask(i: i32): void {
  const start = <usize>(i * GRAIN);
  let y = argP(1) + (start << 2);
  let n = min(GRAIN, arg(2) - i * GRAIN);
  if (arg(3) == 0) {
    let x = argP(0) + start;
    while (n > 0) {
      store<f32>(y, <f32>load<u8>(x));
      x += 1; y += 4; --n;
    }
    return;
  }
  let x = argP(0) + (start << 2);
  while (n > 0) {
    store<f32>(y, <f32>load<i32>(x));
    x += 4; y += 4; --n;
  }
}

/** float32 from bool (`from` 0) or int32 (`from` 1). */
export function castToFloat(x: usize, y: usize, n: i32, from: i32): void {
  setArg(0, <i32>x); setArg(1, <i32>y); setArg(2, n); setArg(3, from);
  parallel(castTask.index, (n + GRAIN - 1) / GRAIN);
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
