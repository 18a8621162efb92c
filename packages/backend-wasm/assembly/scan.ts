// Running sums and products of [outer, length, inner] along the middle dimension, and the place of its
// largest or smallest value.
import { arg, argP, setArg } from './layout';
import { parallel } from './pool';
import { select } from './vector-math';

class Sum {}
class Product {}
class Largest {}
class Smallest {}

const GRAIN: i32 = 16384;
const COLUMNS: i32 = 64;

// @ts-expect-error: AssemblyScript decorator
@inline
function scanned<T>(a: v128, b: v128): v128 {
  return idof<T>() == idof<Sum>() ? f32x4.add(a, b) : f32x4.mul(a, b);
}

/** Down `length` rows that lie `step` bytes apart, four columns at once (or one). */
// @ts-expect-error: AssemblyScript decorator
@inline
function scanColumns<T>(x: usize, y: usize, length: i32, step: isize, exclusive: bool, lanes: i32): void {
  let running = f32x4.splat(idof<T>() == idof<Sum>() ? 0 : 1);
  do {
    const value = lanes == 4 ? v128.load(x) : v128.load32_zero(x);
    const next = scanned<T>(running, value);
    const out = exclusive ? running : next;
    if (lanes == 4) v128.store(y, out);
    else store<f32>(y, f32x4.extract_lane(out, 0));
    running = next;
    x += <usize>step; y += <usize>step;
  } while (--length);
}

/** Task: a block of columns of some outer runs. */
function scanTask<T>(i: i32): void {
  const outer = arg(2), length = arg(3), inner = arg(4), per = arg(5);
  const exclusive = arg(6) != 0, reverse = arg(7) != 0;
  const blocks = (inner + COLUMNS - 1) / COLUMNS;
  const column = (i % blocks) * COLUMNS;
  const first = (i / blocks) * per, last = min(outer, first + per);
  const rowBytes = <isize>inner << 2;
  const start = reverse ? <usize>(<isize>(length - 1) * rowBytes) : 0;
  for (let o = first; o < last; ++o) {
    const offset = (<usize>o * <usize>length * <usize>inner + <usize>column << 2) + start;
    let x = argP(0) + offset, y = argP(1) + offset;
    let n = min(COLUMNS, inner - column);
    while (n >= 4) {
      scanColumns<T>(x, y, length, reverse ? -rowBytes : rowBytes, exclusive, 4);
      x += 16; y += 16; n -= 4;
    }
    while (n > 0) {
      scanColumns<T>(x, y, length, reverse ? -rowBytes : rowBytes, exclusive, 1);
      x += 4; y += 4; --n;
    }
  }
}

function cumsumTask(i: i32): void {
  scanTask<Sum>(i);
}

function cumprodTask(i: i32): void {
  scanTask<Product>(i);
}

// @ts-expect-error: AssemblyScript decorator
@inline
function runsPerTask(length: i32, inner: i32): i32 {
  return max(1, GRAIN / max(1, length * min(COLUMNS, inner)));
}

/** y = running sums (or, with `product`, products) of x; length is at least 1. */
export function scan(
  x: usize, y: usize, outer: i32, length: i32, inner: i32, exclusive: bool, reverse: bool, product: bool,
): void {
  const per = runsPerTask(length, inner);
  setArg(0, <i32>x); setArg(1, <i32>y); setArg(2, outer); setArg(3, length); setArg(4, inner);
  setArg(5, per); setArg(6, i32(exclusive)); setArg(7, i32(reverse));
  const tasks = ((outer + per - 1) / per) * ((inner + COLUMNS - 1) / COLUMNS);
  parallel(product ? cumprodTask.index : cumsumTask.index, tasks);
}

/** The place of the first largest value down a column, or of its first NaN. */
// @ts-expect-error: AssemblyScript decorator
@inline
function placeInColumns<T>(x: usize, y: usize, length: i32, step: usize, lanes: i32): void {
  let best = lanes == 4 ? v128.load(x) : v128.load32_zero(x);
  let place = i32x4.splat(0);
  for (let j = 1; j < length; ++j) {
    x += step;
    const value = lanes == 4 ? v128.load(x) : v128.load32_zero(x);
    const worse = idof<T>() == idof<Largest>() ? f32x4.le(value, best) : f32x4.ge(value, best);
    // Neither worse nor behind a NaN: better, or the first NaN.
    const better = v128.andnot(f32x4.eq(best, best), worse);
    best = select(better, value, best);
    place = select(better, i32x4.splat(j), place);
  }
  if (lanes == 4) v128.store(y, place);
  else store<i32>(y, i32x4.extract_lane(place, 0));
}

function placeTask<T>(i: i32): void {
  const outer = arg(2), length = arg(3), inner = arg(4), per = arg(5);
  const blocks = (inner + COLUMNS - 1) / COLUMNS;
  const column = (i % blocks) * COLUMNS;
  const first = (i / blocks) * per, last = min(outer, first + per);
  for (let o = first; o < last; ++o) {
    let x = argP(0) + (<usize>o * <usize>length * <usize>inner + <usize>column << 2);
    let y = argP(1) + (<usize>o * <usize>inner + <usize>column << 2);
    let n = min(COLUMNS, inner - column);
    while (n >= 4) {
      placeInColumns<T>(x, y, length, <usize>inner << 2, 4);
      x += 16; y += 16; n -= 4;
    }
    while (n > 0) {
      placeInColumns<T>(x, y, length, <usize>inner << 2, 1);
      x += 4; y += 4; --n;
    }
  }
}

function argMaxTask(i: i32): void {
  placeTask<Largest>(i);
}

function argMinTask(i: i32): void {
  placeTask<Smallest>(i);
}

/** y[outer][inner] (int32) = the place of the largest (or smallest), or a NaN, of x[outer][length][inner]. */
export function argReduce(x: usize, y: usize, outer: i32, length: i32, inner: i32, smallest: bool): void {
  const per = runsPerTask(length, inner);
  setArg(0, <i32>x); setArg(1, <i32>y); setArg(2, outer); setArg(3, length); setArg(4, inner);
  setArg(5, per);
  const tasks = ((outer + per - 1) / per) * ((inner + COLUMNS - 1) / COLUMNS);
  parallel(smallest ? argMinTask.index : argMaxTask.index, tasks);
}
