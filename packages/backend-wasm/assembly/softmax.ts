// Softmax along rows: exp(x − max) / Σ exp(x − max).
import { arg, argP, setArg } from './layout';
import { parallel } from './pool';
import { exp4 } from './vector-math';

const GRAIN: i32 = 8192;

function largest(x: usize, n: i32): f32 {
  let m = f32x4.splat(-Infinity);
  while (n >= 4) {
    m = f32x4.max(m, v128.load(x));
    x += 16; n -= 4;
  }
  let r = max<f32>(
    max<f32>(f32x4.extract_lane(m, 0), f32x4.extract_lane(m, 1)),
    max<f32>(f32x4.extract_lane(m, 2), f32x4.extract_lane(m, 3)),
  );
  while (n > 0) {
    r = max<f32>(r, load<f32>(x));
    x += 4; --n;
  }
  return r;
}

function softmaxRow(x: usize, y: usize, n: i32): void {
  const shift = f32x4.splat(largest(x, n));
  let sums = f32x4.splat(0);
  let rest = n;
  let to = y;
  while (rest >= 4) {
    const e = exp4(f32x4.sub(v128.load(x), shift));
    v128.store(to, e);
    sums = f32x4.add(sums, e);
    x += 16; to += 16; rest -= 4;
  }
  let sum = (f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1)) +
    (f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3));
  while (rest > 0) {
    const e = f32x4.extract_lane(exp4(f32x4.sub(v128.load32_zero(x), shift)), 0);
    store<f32>(to, e);
    sum += e;
    x += 4; to += 4; --rest;
  }
  const total = f32x4.splat(sum);
  while (n >= 4) {
    v128.store(y, f32x4.div(v128.load(y), total));
    y += 16; n -= 4;
  }
  while (n > 0) {
    store<f32>(y, load<f32>(y) / sum);
    y += 4; --n;
  }
}

function softmaxTask(i: i32): void {
  const rows = arg(2), n = arg(3), per = arg(4);
  const last = min(rows, (i + 1) * per);
  for (let row = i * per; row < last; ++row) {
    const offset = <usize>row * <usize>n << 2;
    softmaxRow(argP(0) + offset, argP(1) + offset, n);
  }
}

/** y[rows][n] = softmax of each row of x. */
export function softmax(x: usize, y: usize, rows: i32, n: i32): void {
  const per = max(1, GRAIN / max(1, n));
  setArg(0, <i32>x); setArg(1, <i32>y); setArg(2, rows); setArg(3, n); setArg(4, per);
  parallel(softmaxTask.index, (rows + per - 1) / per);
}
