// Pooling, NHWC: the largest value or the average over each window. Cells outside the picture count
// for neither.
import {
  batch, bigC, bigH, bigW, kernelH, kernelW, padLeft, padTop, smallH, smallW, strideH, strideW,
} from './geometry';
import { argP, setArg } from './layout';
import { parallel } from './pool';
import { select } from './vector-math';

class Largest {}
class Average {}

/** Channels per task of a gradient: windows overlap, so a task owns these channels of a picture. */
const CHANNELS: i32 = 32;

// @ts-expect-error: AssemblyScript decorator
@inline
function at(p: usize, lanes: i32): v128 {
  return lanes == 4 ? v128.load(p) : v128.load32_zero(p);
}

/** One window of four channels (or one) from its first cell at `corner`. */
// @ts-expect-error: AssemblyScript decorator
@inline
function pooled<T>(corner: usize, rows: i32, columns: i32, rowBytes: usize, pixelBytes: usize, lanes: i32): v128 {
  let result = f32x4.splat(idof<T>() == idof<Largest>() ? -Infinity : 0);
  for (let h = 0; h < rows; ++h) {
    let p = corner + <usize>h * rowBytes;
    let w = columns;
    do {
      const value = at(p, lanes);
      result = idof<T>() == idof<Largest>() ? f32x4.max(result, value) : f32x4.add(result, value);
      p += pixelBytes;
    } while (--w);
  }
  if (idof<T>() == idof<Average>()) return f32x4.div(result, f32x4.splat(<f32>(rows * columns)));
  return result;
}

/** Task: one row of windows. */
function forwardRow<T>(row: i32): void {
  const image = row / smallH(), top = (row % smallH()) * strideH() - padTop();
  const pixelBytes = <usize>bigC() << 2, rowBytes = pixelBytes * <usize>bigW();
  const h0 = max(0, top), rows = min(bigH(), top + kernelH()) - h0;
  const start = argP(0) + <usize>(image * bigH() + h0) * rowBytes;
  let y = argP(1) + <usize>(row * smallW()) * pixelBytes;
  for (let ow = 0; ow < smallW(); ++ow) {
    const left = ow * strideW() - padLeft();
    const w0 = max(0, left), w1 = min(bigW(), left + kernelW());
    // A window beside the picture has no cells, whichever way it misses.
    const columns = rows > 0 ? w1 - w0 : 0;
    const height = columns > 0 ? rows : 0;
    let corner = start + <usize>w0 * pixelBytes;
    let n = bigC();
    while (n >= 4) {
      v128.store(y, pooled<T>(corner, height, columns, rowBytes, pixelBytes, 4));
      corner += 16; y += 16; n -= 4;
    }
    while (n > 0) {
      store<f32>(y, f32x4.extract_lane(pooled<T>(corner, height, columns, rowBytes, pixelBytes, 1), 0));
      corner += 4; y += 4; --n;
    }
  }
}

function maxPoolTask(i: i32): void {
  forwardRow<Largest>(i);
}

function avgPoolTask(i: i32): void {
  forwardRow<Average>(i);
}

/** y[batch][smallH][smallW][channels]: the largest value of each window, NaN if it has one. */
export function maxPool(x: usize, y: usize): void {
  setArg(0, <i32>x); setArg(1, <i32>y);
  parallel(maxPoolTask.index, batch() * smallH());
}

/** y[batch][smallH][smallW][channels]: the average of each window's cells inside the picture. */
export function avgPool(x: usize, y: usize): void {
  setArg(0, <i32>x); setArg(1, <i32>y);
  parallel(avgPoolTask.index, batch() * smallH());
}

// @ts-expect-error: AssemblyScript decorator
@inline
function addTo(p: usize, value: v128, lanes: i32): void {
  const sum = f32x4.add(at(p, lanes), value);
  if (lanes == 4) v128.store(p, sum);
  else store<f32>(p, f32x4.extract_lane(sum, 0));
}

// @ts-expect-error: AssemblyScript decorator
@inline
function addAt(dx: usize, offset: i32, value: f32): void {
  if (offset == -1) return;
  const p = dx + <usize>offset;
  store<f32>(p, load<f32>(p) + value);
}

/** Adds one window's share of the gradient, for four channels (or one). */
// @ts-expect-error: AssemblyScript decorator
@inline
function spread<T>(
  x: usize, dx: usize, dy: v128, corner: usize, rows: i32, columns: i32, rowBytes: usize, pixelBytes: usize, lanes: i32,
): void {
  if (idof<T>() == idof<Average>()) {
    const share = f32x4.div(dy, f32x4.splat(<f32>(rows * columns)));
    for (let h = 0; h < rows; ++h) {
      let p = dx + corner + <usize>h * rowBytes;
      let w = columns;
      do {
        addTo(p, share, lanes);
        p += pixelBytes;
      } while (--w);
    }
    return;
  }
  let best = f32x4.splat(-Infinity), place = i32x4.splat(-1);
  for (let h = 0; h < rows; ++h) {
    let offset = corner + <usize>h * rowBytes;
    let w = columns;
    do {
      const value = at(x + offset, lanes);
      const larger = v128.or(f32x4.gt(value, best), f32x4.ne(value, value));
      best = select(larger, value, best);
      place = select(larger, i32x4.splat(<i32>offset), place);
      offset += pixelBytes;
    } while (--w);
  }
  addAt(dx, i32x4.extract_lane(place, 0), f32x4.extract_lane(dy, 0));
  if (lanes == 1) return;
  addAt(dx + 4, i32x4.extract_lane(place, 1), f32x4.extract_lane(dy, 1));
  addAt(dx + 8, i32x4.extract_lane(place, 2), f32x4.extract_lane(dy, 2));
  addAt(dx + 12, i32x4.extract_lane(place, 3), f32x4.extract_lane(dy, 3));
}

/** Task: some channels of one picture, window by window. */
function backwardChannels<T>(i: i32): void {
  const c = bigC(), groups = (c + CHANNELS - 1) / CHANNELS;
  const image = i / groups, channel = (i % groups) * CHANNELS;
  const channels = min(CHANNELS, c - channel);
  const pixelBytes = <usize>c << 2, rowBytes = pixelBytes * <usize>bigW();
  const before = <usize>(image * bigH()) * rowBytes + (<usize>channel << 2);
  const x = argP(0) + before, dx = argP(2) + before;
  let dy = argP(1) + <usize>(image * smallH() * smallW()) * pixelBytes + (<usize>channel << 2);
  for (let oh = 0; oh < smallH(); ++oh) {
    const top = oh * strideH() - padTop();
    const h0 = max(0, top), rows = min(bigH(), top + kernelH()) - h0;
    for (let ow = 0; ow < smallW(); ++ow) {
      const left = ow * strideW() - padLeft();
      const w0 = max(0, left), columns = min(bigW(), left + kernelW()) - w0;
      if (rows > 0 && columns > 0) {
        const corner = <usize>h0 * rowBytes + <usize>w0 * pixelBytes;
        let n = channels;
        let from = x, to = dx, d = dy;
        while (n >= 4) {
          spread<T>(from, to, v128.load(d), corner, rows, columns, rowBytes, pixelBytes, 4);
          from += 16; to += 16; d += 16; n -= 4;
        }
        while (n > 0) {
          spread<T>(from, to, v128.load32_zero(d), corner, rows, columns, rowBytes, pixelBytes, 1);
          from += 4; to += 4; d += 4; --n;
        }
      }
      dy += pixelBytes;
    }
  }
}

function maxPoolGradTask(i: i32): void {
  backwardChannels<Largest>(i);
}

function avgPoolGradTask(i: i32): void {
  backwardChannels<Average>(i);
}

/** Adds to dx, which the caller has filled with zeros: dy goes to the first largest cell of each window. */
export function maxPoolGrad(x: usize, dy: usize, dx: usize): void {
  setArg(0, <i32>x); setArg(1, <i32>dy); setArg(2, <i32>dx);
  parallel(maxPoolGradTask.index, batch() * ((bigC() + CHANNELS - 1) / CHANNELS));
}

/** Adds to dx, which the caller has filled with zeros: dy in equal parts to the cells of each window. */
export function avgPoolGrad(dy: usize, dx: usize): void {
  setArg(0, <i32>dx); setArg(1, <i32>dy); setArg(2, <i32>dx);
  parallel(avgPoolGradTask.index, batch() * ((bigC() + CHANNELS - 1) / CHANNELS));
}
