// Reductions of [outer, reduce, inner] over the middle dimension. Long sums are cut into chunks of a
// fixed size whose partial results are added in order, so that the value does not depend on the
// number of threads and its error grows with the chunk, not with the whole.
import { arg, argF, argP, setArg, setArgF } from './layout';
import { parallel } from './pool';

const CHUNK: i32 = 1024;
const COLUMNS: i32 = 64;

export const SUM: i32 = 0;
export const MAX: i32 = 1;
export const MIN: i32 = 2;
export const PRODUCT: i32 = 3;

// @ts-expect-error: AssemblyScript decorator
@inline
function combine(op: i32, a: v128, b: v128): v128 {
  if (op == SUM) return f32x4.add(a, b);
  if (op == MAX) return f32x4.max(a, b);
  if (op == PRODUCT) return f32x4.mul(a, b);
  return f32x4.min(a, b);
}

// @ts-expect-error: AssemblyScript decorator
@inline
function combine1(op: i32, a: f32, b: f32): f32 {
  if (op == SUM) return a + b;
  if (op == MAX) return max<f32>(a, b);
  if (op == PRODUCT) return a * b;
  return min<f32>(a, b);
}

// @ts-expect-error: AssemblyScript decorator
@inline
function identity(op: i32): f32 {
  if (op == SUM) return 0;
  if (op == MAX) return -Infinity;
  if (op == PRODUCT) return 1;
  return Infinity;
}

/** Elements of a run that one partial sum covers when inner is 1. */
const RUN: i32 = 8192;

// @ts-expect-error: AssemblyScript decorator
@inline
function reduceRun(op: i32, x: usize, n: i32): f32 {
  let s0 = f32x4.splat(identity(op)), s1 = s0, s2 = s0, s3 = s0;
  while (n >= 16) {
    s0 = combine(op, s0, v128.load(x));
    s1 = combine(op, s1, v128.load(x, 16));
    s2 = combine(op, s2, v128.load(x, 32));
    s3 = combine(op, s3, v128.load(x, 48));
    x += 64; n -= 16;
  }
  s0 = combine(op, combine(op, s0, s1), combine(op, s2, s3));
  let r = combine1(op, combine1(op, f32x4.extract_lane(s0, 0), f32x4.extract_lane(s0, 1)), combine1(op, f32x4.extract_lane(s0, 2), f32x4.extract_lane(s0, 3)));
  while (n > 0) {
    r = combine1(op, r, load<f32>(x));
    x += 4; --n;
  }
  return r;
}

// @ts-expect-error: AssemblyScript decorator
@inline
function runsLoop(op: i32, i: i32): void {
  // One task: `per` consecutive partial runs.
  const x = argP(0), partial = argP(1);
  const reduce = arg(3), chunks = arg(5), total = arg(2) * chunks, per = arg(6);
  const last = min(total, (i + 1) * per);
  for (let t = i * per; t < last; ++t) {
    const o = t / chunks, start = (t % chunks) * RUN;
    const from = x + (<usize>o * <usize>reduce + <usize>start << 2);
    store<f32>(partial + (<usize>t << 2), reduceRun(op, from, min(RUN, reduce - start)));
  }
}

function runsTask(i: i32): void {
  switch (arg(7)) {
    case 0: runsLoop(SUM, i); break;
    case 1: runsLoop(MAX, i); break;
    case 3: runsLoop(PRODUCT, i); break;
    default: runsLoop(MIN, i);
  }
}

// @ts-expect-error: AssemblyScript decorator
@inline
function columnsLoop(op: i32, i: i32): void {
  const per = arg(6);
  const last = min(arg(11), (i + 1) * per);
  for (let block = i * per; block < last; ++block) columnBlock(op, block);
}

/** Up to COLUMNS columns of a chunk. */
// @ts-expect-error: AssemblyScript decorator
@inline
function columnBlock(op: i32, i: i32): void {
  const x = argP(0), partial = argP(1);
  const reduce = arg(3), inner = arg(4), chunks = arg(5);
  const blocks = (inner + COLUMNS - 1) / COLUMNS;
  const column0 = (i % blocks) * COLUMNS;
  const rest = i / blocks;
  const chunk = rest % chunks, o = rest / chunks;
  const row0 = chunk * CHUNK;
  const rows = min(CHUNK, reduce - row0);
  const columns = min(COLUMNS, inner - column0);
  const step = <usize>inner << 2;
  let from = x + ((<usize>o * <usize>reduce + <usize>row0) * <usize>inner + <usize>column0 << 2);
  let to = partial + ((<usize>rest) * <usize>inner + <usize>column0 << 2);
  let n = columns;
  while (n >= 16) {
    let s0 = f32x4.splat(identity(op)), s1 = s0, s2 = s0, s3 = s0;
    let f = from;
    for (let r = 0; r < rows; ++r) {
      s0 = combine(op, s0, v128.load(f));
      s1 = combine(op, s1, v128.load(f, 16));
      s2 = combine(op, s2, v128.load(f, 32));
      s3 = combine(op, s3, v128.load(f, 48));
      f += step;
    }
    v128.store(to, s0); v128.store(to, s1, 16); v128.store(to, s2, 32); v128.store(to, s3, 48);
    from += 64; to += 64; n -= 16;
  }
  while (n > 0) {
    let s = identity(op);
    let f = from;
    for (let r = 0; r < rows; ++r) {
      s = combine1(op, s, load<f32>(f));
      f += step;
    }
    store<f32>(to, s);
    from += 4; to += 4; --n;
  }
}

function columnsTask(i: i32): void {
  switch (arg(7)) {
    case 0: columnsLoop(SUM, i); break;
    case 1: columnsLoop(MAX, i); break;
    case 3: columnsLoop(PRODUCT, i); break;
    default: columnsLoop(MIN, i);
  }
}

function finishTask(i: i32): void {
  const per = arg(10), last = min(arg(2), (i + 1) * per);
  for (let o = i * per; o < last; ++o) finish(o);
}

function finish(i: i32): void {
  // y[o][i] from partial[o][chunks][i], in the order of the chunks.
  const partial = argP(1), y = argP(8);
  const inner = arg(4), chunks = arg(5), op = arg(7);
  const scale = argF(9);
  for (let j = 0; j < inner; ++j) {
    let s = identity(op);
    for (let k = 0; k < chunks; ++k) {
      s = combine1(op, s, load<f32>(partial + ((<usize>(i * chunks + k)) * <usize>inner + <usize>j << 2)));
    }
    store<f32>(y + (<usize>i * <usize>inner + <usize>j << 2), s * scale);
  }
}

export function reduceChunks(reduce: i32, inner: i32): i32 {
  const size = inner == 1 ? RUN : CHUNK;
  return max(1, (reduce + size - 1) / size);
}

/**
 * y[outer][inner] = scale · op over `reduce` of x[outer][reduce][inner]. `partial` holds
 * outer·chunks·inner floats.
 */
export function reduceOp(
  op: i32, x: usize, partial: usize, y: usize, outer: i32, reduce: i32, inner: i32, scale: f32,
): void {
  const chunks = reduceChunks(reduce, inner);
  // The partial results of single chunks are the results.
  const direct = chunks == 1 && scale == 1;
  setArg(0, <i32>x); setArg(1, <i32>(direct ? y : partial)); setArg(2, outer); setArg(3, reduce);
  setArg(4, inner); setArg(5, chunks); setArg(7, op); setArg(8, <i32>y); setArgF(9, scale);
  if (inner == 1) {
    const per = max(1, 2 * RUN / max(1, min(RUN, reduce)));
    setArg(6, per);
    parallel(runsTask.index, (outer * chunks + per - 1) / per);
  } else {
    const blocks = outer * chunks * ((inner + COLUMNS - 1) / COLUMNS);
    const per = max(1, RUN / (min(CHUNK, max(1, reduce)) * min(COLUMNS, inner)));
    setArg(6, per); setArg(11, blocks);
    parallel(columnsTask.index, (blocks + per - 1) / per);
  }
  if (direct) return;
  const per = max(1, RUN / max(1, chunks * inner));
  setArg(10, per);
  parallel(finishTask.index, (outer + per - 1) / per);
}

function extremumGradTask(i: i32): void {
  const reduce = arg(5), inner = arg(6), per = arg(7);
  const last = min(arg(4), (i + 1) * per);
  const step = <usize>inner << 2;
  for (let o = i * per; o < last; ++o) {
    const base = <usize>o * <usize>reduce * step;
    const reduced = <usize>o * step;
    let j: usize = 0;
    for (; j + 16 <= step; j += 16) {
      const y = v128.load(argP(1) + reduced + j);
      let ties = i32x4.splat(0);
      let at = argP(0) + base + j;
      for (let r = 0; r < reduce; ++r) {
        ties = i32x4.sub(ties, f32x4.eq(v128.load(at), y));
        at += step;
      }
      // Nothing equals a NaN: its gradient is not to be 0 unnoticed.
      const nowhere = i32x4.eq(ties, i32x4.splat(0));
      const share = f32x4.div(v128.load(argP(2) + reduced + j), f32x4.convert_i32x4_s(ties));
      at = argP(0) + base + j;
      let to = argP(3) + base + j;
      for (let r = 0; r < reduce; ++r) {
        v128.store(to, v128.and(share, v128.or(nowhere, f32x4.eq(v128.load(at), y))));
        at += step; to += step;
      }
    }
    for (; j < step; j += 4) {
      const y = load<f32>(argP(1) + reduced + j);
      let ties = 0;
      let at = argP(0) + base + j;
      for (let r = 0; r < reduce; ++r) {
        ties += i32(load<f32>(at) == y);
        at += step;
      }
      const share = load<f32>(argP(2) + reduced + j) / <f32>ties;
      at = argP(0) + base + j;
      let to = argP(3) + base + j;
      for (let r = 0; r < reduce; ++r) {
        store<f32>(to, ties == 0 || load<f32>(at) == y ? share : 0);
        at += step; to += step;
      }
    }
  }
}

/**
 * dx[outer][reduce][inner]: dy[outer][inner] in equal parts for the elements of x that equal
 * y[outer][inner], 0 for the others.
 */
export function extremumGrad(
  x: usize, y: usize, dy: usize, dx: usize, outer: i32, reduce: i32, inner: i32,
): void {
  setArg(0, <i32>x); setArg(1, <i32>y); setArg(2, <i32>dy); setArg(3, <i32>dx);
  setArg(4, outer); setArg(5, reduce); setArg(6, inner);
  const per = max(1, RUN / max(1, reduce * inner));
  setArg(7, per);
  parallel(extremumGradTask.index, (outer + per - 1) / per);
}
