// Depthwise convolutions, NHWC, one filter per channel. For every pixel the addresses of the pixels
// and taps that meet there are listed, and the channels then run over the list four at a time.
import { madd } from './gemm';
import {
  batch, bigC, bigH, bigW, dilationH, dilationW, kernelH, kernelW, padLeft, padTop, smallH, smallW, strideH, strideW,
} from './geometry';
import { argP, scratch, setArg, SCRATCH_TABLE } from './layout';
import { parallel } from './pool';

/** y[0 … c) = bias + Σ over the list of pixel · tap; the list holds pairs of addresses. */
function sumOfTaps(list: usize, count: i32, y: usize, c: i32, bias: usize): void {
  let at: usize = 0;
  while (c >= 4) {
    let sum = bias ? v128.load(bias + at) : f32x4.splat(0);
    let k = count, p = list;
    while (k > 0) {
      sum = madd(v128.load(<usize>load<u32>(p) + at), v128.load(<usize>load<u32>(p, 4) + at), sum);
      p += 8; --k;
    }
    v128.store(y + at, sum);
    at += 16; c -= 4;
  }
  while (c > 0) {
    let sum = bias ? v128.load32_zero(bias + at) : f32x4.splat(0);
    let k = count, p = list;
    while (k > 0) {
      sum = madd(v128.load32_zero(<usize>load<u32>(p) + at), v128.load32_zero(<usize>load<u32>(p, 4) + at), sum);
      p += 8; --k;
    }
    store<f32>(y + at, f32x4.extract_lane(sum, 0));
    at += 4; --c;
  }
}

/** Task: one row of the output. */
function forwardTask(row: i32): void {
  const c = bigC(), pixelBytes = <usize>c << 2;
  const image = row / smallH(), top = (row % smallH()) * strideH() - padTop();
  const list = scratch + SCRATCH_TABLE;
  let y = argP(2) + <usize>(row * smallW()) * pixelBytes;
  for (let ow = 0; ow < smallW(); ++ow) {
    const left = ow * strideW() - padLeft();
    let count = 0;
    for (let kh = 0; kh < kernelH(); ++kh) {
      const h = top + kh * dilationH();
      if (<u32>h >= <u32>bigH()) continue;
      for (let kw = 0; kw < kernelW(); ++kw) {
        const w = left + kw * dilationW();
        if (<u32>w >= <u32>bigW()) continue;
        const at = list + (<usize>count << 3);
        store<u32>(at, <u32>(argP(0) + <usize>((image * bigH() + h) * bigW() + w) * pixelBytes));
        store<u32>(at, <u32>(argP(1) + <usize>(kh * kernelW() + kw) * pixelBytes), 4);
        ++count;
      }
    }
    sumOfTaps(list, count, y, c, argP(3));
    y += pixelBytes;
  }
}

/** y = x * filter + bias, all with bigC channels; bias may be 0. */
export function depthwiseForward(x: usize, filter: usize, y: usize, bias: usize): void {
  setArg(0, <i32>x); setArg(1, <i32>filter); setArg(2, <i32>y); setArg(3, <i32>bias);
  parallel(forwardTask.index, batch() * smallH());
}

/** Task: one row of dx. */
function backwardInputTask(row: i32): void {
  const c = bigC(), pixelBytes = <usize>c << 2;
  const image = row / bigH(), h = row % bigH();
  const list = scratch + SCRATCH_TABLE;
  let dx = argP(2) + <usize>(row * bigW()) * pixelBytes;
  for (let w = 0; w < bigW(); ++w) {
    let count = 0;
    for (let kh = 0; kh < kernelH(); ++kh) {
      const top = h + padTop() - kh * dilationH();
      if (top < 0) break;
      const oh = top / strideH();
      if (oh * strideH() != top || oh >= smallH()) continue;
      for (let kw = 0; kw < kernelW(); ++kw) {
        const left = w + padLeft() - kw * dilationW();
        if (left < 0) break;
        const ow = left / strideW();
        if (ow * strideW() != left || ow >= smallW()) continue;
        const at = list + (<usize>count << 3);
        store<u32>(at, <u32>(argP(0) + <usize>((image * smallH() + oh) * smallW() + ow) * pixelBytes));
        store<u32>(at, <u32>(argP(1) + <usize>(kh * kernelW() + kw) * pixelBytes), 4);
        ++count;
      }
    }
    sumOfTaps(list, count, dx, c, 0);
    dx += pixelBytes;
  }
}

export function depthwiseBackwardInput(dy: usize, filter: usize, dx: usize): void {
  setArg(0, <i32>dy); setArg(1, <i32>filter); setArg(2, <i32>dx);
  parallel(backwardInputTask.index, batch() * bigH());
}

/** Channels of one task of the filter's gradient. */
const CHANNELS: i32 = 16;

/** Σ over `n` pairs of pixels, four channels at once (or one). */
// @ts-expect-error: AssemblyScript decorator
@inline
function sumOfProducts(x: usize, dy: usize, n: i32, xStep: usize, dyStep: usize, lanes: i32): v128 {
  let sum = f32x4.splat(0);
  do {
    sum = lanes == 4
      ? madd(v128.load(x), v128.load(dy), sum)
      : madd(v128.load32_zero(x), v128.load32_zero(dy), sum);
    x += xStep; dy += dyStep;
  } while (--n);
  return sum;
}

/** Task: some channels of one tap. Sums are taken row by row, which keeps their error small. */
function backwardFilterTask(i: i32): void {
  const c = bigC(), groups = (c + CHANNELS - 1) / CHANNELS;
  const tap = i / groups, channel = (i % groups) * CHANNELS, channels = min(CHANNELS, c - channel);
  const pixelBytes = <usize>c << 2, step = pixelBytes * <usize>strideW();
  const down = (tap / kernelW()) * dilationH() - padTop();
  const across = (tap % kernelW()) * dilationW() - padLeft();
  const dw = argP(2) + <usize>tap * pixelBytes + (<usize>channel << 2);
  // Columns of the output whose pixel lies inside the picture.
  const first = max(0, (strideW() - 1 - across) / strideW());
  const last = across >= bigW() ? 0 : min(smallW(), (bigW() - across + strideW() - 1) / strideW());
  memory.fill(dw, 0, <usize>channels << 2);
  if (first >= last) return;
  for (let image = 0; image < batch(); ++image) {
    for (let oh = 0; oh < smallH(); ++oh) {
      const h = oh * strideH() + down;
      if (<u32>h >= <u32>bigH()) continue;
      const w = first * strideW() + across;
      let x = argP(0) + <usize>((image * bigH() + h) * bigW() + w) * pixelBytes + (<usize>channel << 2);
      let dy = argP(1) + <usize>((image * smallH() + oh) * smallW() + first) * pixelBytes + (<usize>channel << 2);
      let to = dw;
      let n = channels;
      while (n >= 4) {
        v128.store(to, f32x4.add(v128.load(to), sumOfProducts(x, dy, last - first, step, pixelBytes, 4)));
        x += 16; dy += 16; to += 16; n -= 4;
      }
      while (n > 0) {
        const sum = sumOfProducts(x, dy, last - first, step, pixelBytes, 1);
        store<f32>(to, load<f32>(to) + f32x4.extract_lane(sum, 0));
        x += 4; dy += 4; to += 4; --n;
      }
    }
  }
}

export function depthwiseBackwardFilter(x: usize, dy: usize, dw: usize): void {
  setArg(0, <i32>x); setArg(1, <i32>dy); setArg(2, <i32>dw);
  parallel(backwardFilterTask.index, kernelH() * kernelW() * ((bigC() + CHANNELS - 1) / CHANNELS));
}
