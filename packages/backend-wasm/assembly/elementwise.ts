// Unary and binary operations on float32. The numbers of the operations are shared with
// src/lib/operations.ts. Tasks take fixed ranges of elements.
import { arg, argF, argP, DIMS, setArg, setArgF } from './layout';
import { parallel } from './pool';
import { exp4, expm1_4, log1p4, log4, select, sigmoid4, softplus4, tanh4 } from './vector-math';

const GRAIN: i32 = 16384;

// @ts-expect-error: AssemblyScript decorator
@inline
function c(x: f32): v128 {
  return f32x4.splat(x);
}

// @ts-expect-error: AssemblyScript decorator
@inline
function unary(op: i32, x: v128, p: v128, q: v128): v128 {
  if (op == 0) return f32x4.abs(x);
  if (op == 1) return f32x4.neg(x);
  if (op == 2) return f32x4.mul(x, x);
  if (op == 3) return f32x4.sqrt(x);
  if (op == 4) return f32x4.div(c(1), f32x4.sqrt(x));
  if (op == 5) return f32x4.div(c(1), x);
  if (op == 6) return exp4(x);
  if (op == 7) return expm1_4(x);
  if (op == 8) return log4(x);
  if (op == 9) return log1p4(x);
  if (op == 10) return tanh4(x);
  if (op == 11) return sigmoid4(x);
  if (op == 12) return softplus4(x);
  if (op == 13) return f32x4.max(x, c(0));
  if (op == 14) return f32x4.min(f32x4.max(x, c(0)), c(6));
  if (op == 15) return select(f32x4.lt(x, c(0)), expm1_4(x), x);
  if (op == 16) {
    const scale = c(1.0507009873554804934193349852946);
    const negative = f32x4.mul(expm1_4(x), c(1.7580993408473768599402175208123));
    return select(f32x4.lt(x, c(0)), negative, f32x4.mul(x, scale));
  }
  if (op == 17) return select(f32x4.lt(x, c(0)), f32x4.mul(x, p), x);
  if (op == 18) {
    // step: NaN stays NaN, 1 above 0, else alpha.
    const y = select(f32x4.gt(x, c(0)), c(1), p);
    return select(f32x4.ne(x, x), x, y);
  }
  if (op == 19) {
    const one = v128.or(c(1), v128.and(x, i32x4.splat(0x80000000)));
    const y = select(f32x4.eq(x, c(0)), c(0), one);
    return select(f32x4.ne(x, x), c(0), y);
  }
  if (op == 20) return f32x4.floor(x);
  if (op == 21) return f32x4.ceil(x);
  // pmax and pmin return their first operand for NaN.
  if (op == 22) return f32x4.pmin(f32x4.pmax(x, p), q);
  return x;
}

// @ts-expect-error: AssemblyScript decorator
@inline
function unaryLoop(op: i32, x: usize, y: usize, n: i32, alpha: f32, beta: f32): void {
  const p = c(alpha), q = c(beta);
  while (n >= 4) {
    v128.store(y, unary(op, v128.load(x), p, q));
    x += 16; y += 16; n -= 4;
  }
  while (n > 0) {
    store<f32>(y, f32x4.extract_lane(unary(op, v128.load32_zero(x), p, q), 0));
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
    case 0: unaryLoop(0, x, y, count, p, q); break;
    case 1: unaryLoop(1, x, y, count, p, q); break;
    case 2: unaryLoop(2, x, y, count, p, q); break;
    case 3: unaryLoop(3, x, y, count, p, q); break;
    case 4: unaryLoop(4, x, y, count, p, q); break;
    case 5: unaryLoop(5, x, y, count, p, q); break;
    case 6: unaryLoop(6, x, y, count, p, q); break;
    case 7: unaryLoop(7, x, y, count, p, q); break;
    case 8: unaryLoop(8, x, y, count, p, q); break;
    case 9: unaryLoop(9, x, y, count, p, q); break;
    case 10: unaryLoop(10, x, y, count, p, q); break;
    case 11: unaryLoop(11, x, y, count, p, q); break;
    case 12: unaryLoop(12, x, y, count, p, q); break;
    case 13: unaryLoop(13, x, y, count, p, q); break;
    case 14: unaryLoop(14, x, y, count, p, q); break;
    case 15: unaryLoop(15, x, y, count, p, q); break;
    case 16: unaryLoop(16, x, y, count, p, q); break;
    case 17: unaryLoop(17, x, y, count, p, q); break;
    case 18: unaryLoop(18, x, y, count, p, q); break;
    case 19: unaryLoop(19, x, y, count, p, q); break;
    case 20: unaryLoop(20, x, y, count, p, q); break;
    case 21: unaryLoop(21, x, y, count, p, q); break;
    case 22: unaryLoop(22, x, y, count, p, q); break;
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
function binary(op: i32, a: v128, b: v128): v128 {
  if (op == 0) return f32x4.add(a, b);
  if (op == 1) return f32x4.sub(a, b);
  if (op == 2) return f32x4.mul(a, b);
  if (op == 3) return f32x4.div(a, b);
  if (op == 4) return f32x4.max(a, b);
  if (op == 5) return f32x4.min(a, b);
  if (op == 6) {
    const d = f32x4.sub(a, b);
    return f32x4.mul(d, d);
  }
  // eluGrad: a = dy, b = y.
  if (op == 7) return select(f32x4.ge(b, c(0)), a, f32x4.mul(a, f32x4.add(b, c(1))));
  // prelu: a = x, b = alpha.
  if (op == 8) return select(f32x4.lt(a, c(0)), f32x4.mul(a, b), a);
  if (op == 16) return f32x4.eq(a, b);
  if (op == 17) return f32x4.ne(a, b);
  if (op == 18) return f32x4.gt(a, b);
  if (op == 19) return f32x4.ge(a, b);
  if (op == 20) return f32x4.lt(a, b);
  return f32x4.le(a, b);
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
// @ts-expect-error: AssemblyScript decorator
@inline
function binaryLoop(op: i32, a: usize, b: usize, y: usize, n: i32, sa: i32, sb: i32): void {
  const boolean = op >= FIRST_COMPARISON;
  const yStep: usize = boolean ? 4 : 16;
  if (sa == 1 && sb == 1) {
    while (n >= 4) {
      const v = binary(op, v128.load(a), v128.load(b));
      if (boolean) storeMask(y, v);
      else v128.store(y, v);
      a += 16; b += 16; y += yStep; n -= 4;
    }
  } else if (sa == 1) {
    const right = v128.load32_splat(b);
    while (n >= 4) {
      const v = binary(op, v128.load(a), right);
      if (boolean) storeMask(y, v);
      else v128.store(y, v);
      a += 16; y += yStep; n -= 4;
    }
  } else {
    const left = v128.load32_splat(a);
    while (n >= 4) {
      const v = binary(op, left, sb == 1 ? v128.load(b) : v128.load32_splat(b));
      if (boolean) storeMask(y, v);
      else v128.store(y, v);
      if (sb == 1) b += 16;
      y += yStep; n -= 4;
    }
  }
  while (n > 0) {
    const v = binary(op, v128.load32_splat(a), v128.load32_splat(b));
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
    case 0: binaryLoop(0, a, b, y, n, sa, sb); break;
    case 1: binaryLoop(1, a, b, y, n, sa, sb); break;
    case 2: binaryLoop(2, a, b, y, n, sa, sb); break;
    case 3: binaryLoop(3, a, b, y, n, sa, sb); break;
    case 4: binaryLoop(4, a, b, y, n, sa, sb); break;
    case 5: binaryLoop(5, a, b, y, n, sa, sb); break;
    case 6: binaryLoop(6, a, b, y, n, sa, sb); break;
    case 7: binaryLoop(7, a, b, y, n, sa, sb); break;
    case 8: binaryLoop(8, a, b, y, n, sa, sb); break;
    case 16: binaryLoop(16, a, b, y, n, sa, sb); break;
    case 17: binaryLoop(17, a, b, y, n, sa, sb); break;
    case 18: binaryLoop(18, a, b, y, n, sa, sb); break;
    case 19: binaryLoop(19, a, b, y, n, sa, sb); break;
    case 20: binaryLoop(20, a, b, y, n, sa, sb); break;
    case 21: binaryLoop(21, a, b, y, n, sa, sb); break;
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
