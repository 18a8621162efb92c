// Rows of a tensor picked by int32 indices, and their gradient: sums of rows with the same index.
import { arg, argP, setArg } from './layout';
import { parallel } from './pool';

const GRAIN: i32 = 16384;
/** Columns of one task of a segment sum: a task owns them, so that sums are taken in a fixed order. */
const COLUMNS: i32 = 64;

/** Task: some rows of y, counted over batch, outer and index. */
function gatherTask(i: i32): void {
  const rows = arg(3), outer = arg(4), count = arg(5), size = arg(6), width = arg(7), per = arg(8);
  const rowBytes = <usize>width << 2;
  const last = min(rows, (i + 1) * per);
  let y = argP(2) + <usize>(i * per) * rowBytes;
  for (let row = i * per; row < last; ++row) {
    const block = row / count;
    const at = (block / outer) * count + (row % count);
    const index = load<i32>(argP(1) + (<usize>at << 2));
    memory.copy(y, argP(0) + <usize>(block * size + index) * rowBytes, rowBytes);
    y += rowBytes;
  }
}

/**
 * y[batch][outer][count][width] = x[batch][outer][indices[batch][count]][width] in 32-bit words. The
 * caller makes sure that every index is in 0 … size − 1.
 */
export function gather(
  x: usize, indices: usize, y: usize, batch: i32, outer: i32, count: i32, size: i32, width: i32,
): void {
  const rows = batch * outer * count, per = max(1, GRAIN / max(1, width));
  setArg(0, <i32>x); setArg(1, <i32>indices); setArg(2, <i32>y); setArg(3, rows); setArg(4, outer);
  setArg(5, count); setArg(6, size); setArg(7, width); setArg(8, per);
  parallel(gatherTask.index, (rows + per - 1) / per);
}

function segmentSumTask(i: i32): void {
  const rows = arg(3), width = arg(4), segments = arg(5);
  const column = i * COLUMNS, columns = min(COLUMNS, width - column);
  const rowBytes = <usize>width << 2;
  const y = argP(2) + (<usize>column << 2);
  let from = argP(0) + (<usize>column << 2);
  for (let row = 0; row < rows; ++row) {
    const segment = load<i32>(argP(1) + (<usize>row << 2));
    if (<u32>segment < <u32>segments) {
      let to = y + <usize>segment * rowBytes, x = from;
      let n = columns;
      while (n >= 4) {
        v128.store(to, f32x4.add(v128.load(to), v128.load(x)));
        to += 16; x += 16; n -= 4;
      }
      while (n > 0) {
        store<f32>(to, load<f32>(to) + load<f32>(x));
        to += 4; x += 4; --n;
      }
    }
    from += rowBytes;
  }
}

/**
 * y[segment][width] += the rows of x[rows][width] whose id is that segment; y is filled with zeros by
 * the caller. Rows with an id outside 0 … segments − 1 are left out.
 */
export function segmentSum(x: usize, ids: usize, y: usize, rows: i32, width: i32, segments: i32): void {
  setArg(0, <i32>x); setArg(1, <i32>ids); setArg(2, <i32>y);
  setArg(3, rows); setArg(4, width); setArg(5, segments);
  parallel(segmentSumTask.index, (width + COLUMNS - 1) / COLUMNS);
}
