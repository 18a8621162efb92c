// Resizing of NHWC pictures by the nearest or by linear interpolation between the four nearest
// pixels. Positions are those of TensorFlow.js, in float64 as there. A gradient adds to the pixels
// that the forward pass read.
import { arg, argP, setArg } from './layout';
import { parallel } from './pool';

const ALIGN_CORNERS: i32 = 1;
const HALF_PIXEL_CENTERS: i32 = 2;

/** Channels per task of a gradient: a task owns these channels of a picture. */
const CHANNELS: i32 = 32;

// @ts-expect-error: AssemblyScript decorator
@inline
function scaleOf(from: i32, to: i32, flags: i32): f64 {
  const aligned = (flags & ALIGN_CORNERS) != 0 && to > 1;
  return aligned ? <f64>(from - 1) / <f64>(to - 1) : <f64>from / <f64>to;
}

/** The pixel of `from` that is nearest to pixel i of `to`. */
function nearest(i: i32, from: i32, to: i32, flags: i32): i32 {
  const place = scaleOf(from, to, flags) * ((flags & HALF_PIXEL_CENTERS) != 0 ? <f64>i + 0.5 : <f64>i);
  const below = Math.floor(place);
  const up = (flags & ALIGN_CORNERS) != 0 && place - below >= 0.5;
  return max(0, min(from - 1, <i32>below + i32(up)));
}

// @ts-expect-error: AssemblyScript decorator
@inline
function position(i: i32, from: i32, to: i32, flags: i32): f64 {
  const scale = scaleOf(from, to, flags);
  return (flags & HALF_PIXEL_CENTERS) != 0 ? scale * (<f64>i + 0.5) - 0.5 : scale * <f64>i;
}

// Arguments of every job: 2 old height, 3 old width, 4 channels, 5 new height, 6 new width, 7 flags.

function setSizes(h: i32, w: i32, c: i32, newH: i32, newW: i32, flags: i32): void {
  setArg(2, h); setArg(3, w); setArg(4, c); setArg(5, newH); setArg(6, newW); setArg(7, flags);
}

/** Task: one row of the new picture. */
function nearestTask(row: i32): void {
  const h = arg(2), w = arg(3), newH = arg(5), newW = arg(6), flags = arg(7);
  const pixelBytes = <usize>arg(4) << 2;
  const source = (row / newH) * h + nearest(row % newH, h, newH, flags);
  const from = argP(0) + <usize>(source * w) * pixelBytes;
  let y = argP(1) + <usize>(row * newW) * pixelBytes;
  for (let column = 0; column < newW; ++column) {
    let x = from + <usize>nearest(column, w, newW, flags) * pixelBytes;
    let n = arg(4);
    while (n >= 4) {
      v128.store(y, v128.load(x));
      x += 16; y += 16; n -= 4;
    }
    while (n > 0) {
      store<u32>(y, load<u32>(x));
      x += 4; y += 4; --n;
    }
  }
}

export function resizeNearest(
  x: usize, y: usize, batch: i32, h: i32, w: i32, c: i32, newH: i32, newW: i32, flags: i32,
): void {
  setArg(0, <i32>x); setArg(1, <i32>y);
  setSizes(h, w, c, newH, newW, flags);
  parallel(nearestTask.index, batch * newH);
}

// @ts-expect-error: AssemblyScript decorator
@inline
function lerp(a: v128, b: v128, t: v128): v128 {
  return f32x4.add(a, f32x4.mul(f32x4.sub(b, a), t));
}

/** Task: one row of the new picture. */
function bilinearTask(row: i32): void {
  const h = arg(2), w = arg(3), newH = arg(5), newW = arg(6), flags = arg(7);
  const pixelBytes = <usize>arg(4) << 2, rowBytes = pixelBytes * <usize>w;
  const down = position(row % newH, h, newH, flags);
  const h0 = max(0, <i32>Math.floor(down)), h1 = min(h - 1, <i32>Math.ceil(down));
  const v = f32x4.splat(<f32>(down - <f64>h0));
  const image = argP(0) + <usize>((row / newH) * h) * rowBytes;
  const upper = image + <usize>h0 * rowBytes, lower = image + <usize>h1 * rowBytes;
  let y = argP(1) + <usize>(row * newW) * pixelBytes;
  for (let column = 0; column < newW; ++column) {
    const across = position(column, w, newW, flags);
    const w0 = max(0, <i32>Math.floor(across)), w1 = min(w - 1, <i32>Math.ceil(across));
    const u = f32x4.splat(<f32>(across - <f64>w0));
    const left = <usize>w0 * pixelBytes, right = <usize>w1 * pixelBytes;
    let a = upper + left, b = upper + right, p = lower + left, q = lower + right;
    let n = arg(4);
    while (n >= 4) {
      const top = lerp(v128.load(a), v128.load(b), u), bottom = lerp(v128.load(p), v128.load(q), u);
      v128.store(y, lerp(top, bottom, v));
      a += 16; b += 16; p += 16; q += 16; y += 16; n -= 4;
    }
    while (n > 0) {
      const top = lerp(v128.load32_zero(a), v128.load32_zero(b), u);
      const bottom = lerp(v128.load32_zero(p), v128.load32_zero(q), u);
      store<f32>(y, f32x4.extract_lane(lerp(top, bottom, v), 0));
      a += 4; b += 4; p += 4; q += 4; y += 4; --n;
    }
  }
}

export function resizeBilinear(
  x: usize, y: usize, batch: i32, h: i32, w: i32, c: i32, newH: i32, newW: i32, flags: i32,
): void {
  setArg(0, <i32>x); setArg(1, <i32>y);
  setSizes(h, w, c, newH, newW, flags);
  parallel(bilinearTask.index, batch * newH);
}

/** to[0 … n) += weight · from[0 … n). */
// @ts-expect-error: AssemblyScript decorator
@inline
function addScaled(to: usize, from: usize, n: i32, weight: f32): void {
  const t = f32x4.splat(weight);
  while (n >= 4) {
    v128.store(to, f32x4.add(v128.load(to), f32x4.mul(v128.load(from), t)));
    to += 16; from += 16; n -= 4;
  }
  while (n > 0) {
    store<f32>(to, load<f32>(to) + load<f32>(from) * weight);
    to += 4; from += 4; --n;
  }
}

/** Task: some channels of one picture. */
function nearestGradTask(i: i32): void {
  const h = arg(2), w = arg(3), c = arg(4), newH = arg(5), newW = arg(6), flags = arg(7);
  const groups = (c + CHANNELS - 1) / CHANNELS;
  const image = i / groups, channel = (i % groups) * CHANNELS, n = min(CHANNELS, c - channel);
  const pixelBytes = <usize>c << 2;
  const dx = argP(1) + <usize>(image * h * w) * pixelBytes + (<usize>channel << 2);
  let dy = argP(0) + <usize>(image * newH * newW) * pixelBytes + (<usize>channel << 2);
  for (let row = 0; row < newH; ++row) {
    const to = dx + <usize>(nearest(row, h, newH, flags) * w) * pixelBytes;
    for (let column = 0; column < newW; ++column) {
      addScaled(to + <usize>nearest(column, w, newW, flags) * pixelBytes, dy, n, 1);
      dy += pixelBytes;
    }
  }
}

/** Adds to dx, which the caller has filled with zeros. */
export function resizeNearestGrad(
  dy: usize, dx: usize, batch: i32, h: i32, w: i32, c: i32, newH: i32, newW: i32, flags: i32,
): void {
  setArg(0, <i32>dy); setArg(1, <i32>dx);
  setSizes(h, w, c, newH, newW, flags);
  parallel(nearestGradTask.index, batch * ((c + CHANNELS - 1) / CHANNELS));
}

/** Task: some channels of one picture. */
function bilinearGradTask(i: i32): void {
  const h = arg(2), w = arg(3), c = arg(4), newH = arg(5), newW = arg(6), flags = arg(7);
  const groups = (c + CHANNELS - 1) / CHANNELS;
  const image = i / groups, channel = (i % groups) * CHANNELS, n = min(CHANNELS, c - channel);
  const pixelBytes = <usize>c << 2;
  const dx = argP(1) + <usize>(image * h * w) * pixelBytes + (<usize>channel << 2);
  let dy = argP(0) + <usize>(image * newH * newW) * pixelBytes + (<usize>channel << 2);
  for (let row = 0; row < newH; ++row) {
    const down = position(row, h, newH, flags);
    const h0 = max(0, <i32>Math.floor(down)), h1 = min(h - 1, <i32>Math.ceil(down));
    const v = down - <f64>h0;
    const upper = dx + <usize>(h0 * w) * pixelBytes, lower = dx + <usize>(h1 * w) * pixelBytes;
    for (let column = 0; column < newW; ++column) {
      const across = position(column, w, newW, flags);
      const w0 = max(0, <i32>Math.floor(across)), w1 = min(w - 1, <i32>Math.ceil(across));
      const u = across - <f64>w0;
      const left = <usize>w0 * pixelBytes, right = <usize>w1 * pixelBytes;
      addScaled(upper + left, dy, n, <f32>((1 - v) * (1 - u)));
      addScaled(upper + right, dy, n, <f32>((1 - v) * u));
      addScaled(lower + left, dy, n, <f32>(v * (1 - u)));
      addScaled(lower + right, dy, n, <f32>(v * u));
      dy += pixelBytes;
    }
  }
}

/** Adds to dx, which the caller has filled with zeros. */
export function resizeBilinearGrad(
  dy: usize, dx: usize, batch: i32, h: i32, w: i32, c: i32, newH: i32, newW: i32, flags: i32,
): void {
  setArg(0, <i32>dy); setArg(1, <i32>dx);
  setSizes(h, w, c, newH, newW, flags);
  parallel(bilinearGradTask.index, batch * ((c + CHANNELS - 1) / CHANNELS));
}
