// One strided copy serves slice, concat, pad, tile, transpose, reverse and broadcast.
import { arg, argP, DIMS, setArg } from './layout';
import { parallel } from './pool';

const GRAIN: i32 = 16384;

// @ts-expect-error: AssemblyScript decorator
@inline
function dim(d: i32): i32 {
  return load<i32>(DIMS + (<usize>d << 2));
}

// @ts-expect-error: AssemblyScript decorator
@inline
function fromStride(d: i32): isize {
  return <isize>load<i32>(DIMS + 64 + (<usize>d << 2));
}

// @ts-expect-error: AssemblyScript decorator
@inline
function toStride(d: i32): isize {
  return <isize>load<i32>(DIMS + 128 + (<usize>d << 2));
}

/** A 2-D patch whose source is contiguous down the rows and whose target along them, in 4×4 blocks. */
function transposePatch(from: usize, to: usize, rows: i32, columns: i32, fromStep: isize, toStep: isize): void {
  let r = 0;
  for (; r + 4 <= rows; r += 4) {
    let j = 0;
    let f = from + (<usize>r << 2);
    let t = to + <usize>(<isize>r * toStep << 2);
    const down = <usize>(toStep << 2), across = <usize>(fromStep << 2);
    for (; j + 4 <= columns; j += 4) {
      const r0 = v128.load(f), r1 = v128.load(f + across);
      const r2 = v128.load(f + 2 * across), r3 = v128.load(f + 3 * across);
      const t0 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5), t1 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
      const t2 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7), t3 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
      v128.store(t, v128.shuffle<i64>(t0, t1, 0, 2));
      v128.store(t + down, v128.shuffle<i64>(t0, t1, 1, 3));
      v128.store(t + 2 * down, v128.shuffle<i64>(t2, t3, 0, 2));
      v128.store(t + 3 * down, v128.shuffle<i64>(t2, t3, 1, 3));
      f += 4 * across;
      t += 16;
    }
    for (; j < columns; ++j) {
      for (let i: usize = 0; i < 4; ++i) store<u32>(t + i * down, load<u32>(f + (i << 2)));
      f += across;
      t += 4;
    }
  }
  for (; r < rows; ++r) {
    let f = from + (<usize>r << 2);
    let t = to + <usize>(<isize>r * toStep << 2);
    for (let j = 0; j < columns; ++j) {
      store<u32>(t, load<u32>(f));
      f += <usize>(fromStep << 2);
      t += 4;
    }
  }
}

function copyTask(i: i32): void {
  const rank = arg(2), runs = arg(3), per = arg(4), inner = arg(5);
  const from0 = argP(0), to0 = argP(1);
  const rows = arg(6);
  const last = min(runs, (i + 1) * per);
  const fs = fromStride(rank - 1), ts = toStride(rank - 1);
  for (let run = i * per; run < last; ++run) {
    let rest = run;
    let from = from0, to = to0;
    const outer = rows > 0 ? rank - 2 : rank - 1;
    for (let d = outer - 1; d >= 0; --d) {
      const size = dim(d);
      const index = <isize>(rest % size);
      rest /= size;
      from += <usize>(index * fromStride(d) << 2);
      to += <usize>(index * toStride(d) << 2);
    }
    if (rows > 0) {
      transposePatch(from, to, rows, inner, fs, toStride(rank - 2));
      continue;
    }
    if (fs == 1 && ts == 1) {
      memory.copy(to, from, <usize>inner << 2);
      continue;
    }
    if (fs == 0 && ts == 1) {
      const value = v128.load32_splat(from);
      let n = inner;
      while (n >= 4) {
        v128.store(to, value);
        to += 16; n -= 4;
      }
      while (n > 0) {
        store<u32>(to, load<u32>(from));
        to += 4; --n;
      }
      continue;
    }
    for (let n = inner; n > 0; --n) {
      store<u32>(to, load<u32>(from));
      from += <usize>(fs << 2);
      to += <usize>(ts << 2);
    }
  }
}

/**
 * Copies 32-bit words over `rank` dimensions; DIMS holds the sizes, the source's strides and the
 * target's strides in elements (64 bytes apart each).
 */
export function stridedCopy(from: usize, to: usize, rank: i32): void {
  let runs = 1;
  const inner = dim(rank - 1);
  const patch = rank >= 2 && toStride(rank - 1) == 1 && fromStride(rank - 1) != 1 && fromStride(rank - 2) == 1 && inner > 1;
  const outer = patch ? rank - 2 : rank - 1;
  for (let d = 0; d < outer; ++d) runs *= dim(d);
  const rows = patch ? dim(rank - 2) : 0;
  const perRun = patch ? inner * rows : inner;
  const per = max(1, GRAIN / max(1, perRun));
  setArg(0, <i32>from); setArg(1, <i32>to); setArg(2, rank); setArg(3, runs); setArg(4, per);
  setArg(5, inner); setArg(6, rows);
  parallel(copyTask.index, (runs + per - 1) / per);
}
