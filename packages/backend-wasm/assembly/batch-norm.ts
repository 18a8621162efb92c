// Batch normalization over rows of x[rows][channels] (Ioffe and Szegedy 2015): statistics in one
// pass with means and squared deviations per chunk (Chan, Golub and LeVeque 1979), then one pass to
// normalize; the gradient in one pass of sums and one of values.
import { arg, argF, argP, setArg, setArgF } from './layout';
import { madd } from './gemm';
import { parallel } from './pool';

const CHUNK: i32 = 512;
const COLUMNS: i32 = 64;

// @ts-expect-error: AssemblyScript decorator
@inline
function loadTail(p: usize, n: i32): v128 {
  if (n >= 4) return v128.load(p);
  let v = f32x4.splat(0);
  v = f32x4.replace_lane(v, 0, load<f32>(p));
  if (n > 1) v = f32x4.replace_lane(v, 1, load<f32>(p, 4));
  if (n > 2) v = f32x4.replace_lane(v, 2, load<f32>(p, 8));
  return v;
}

// @ts-expect-error: AssemblyScript decorator
@inline
function storeTail(p: usize, v: v128, n: i32): void {
  if (n >= 4) {
    v128.store(p, v);
    return;
  }
  store<f32>(p, f32x4.extract_lane(v, 0));
  if (n > 1) store<f32>(p, f32x4.extract_lane(v, 1), 4);
  if (n > 2) store<f32>(p, f32x4.extract_lane(v, 2), 8);
}

function momentsTask(i: i32): void {
  const x = argP(0), partial = argP(1), rows = arg(2), channels = arg(3);
  const blocks = (channels + COLUMNS - 1) / COLUMNS;
  const column0 = (i % blocks) * COLUMNS, chunk = i / blocks;
  const row0 = chunk * CHUNK;
  const count = min(CHUNK, rows - row0);
  const step = <usize>channels << 2;
  const end = min(channels, column0 + COLUMNS);
  const inverse = f32x4.splat(1 / <f32>count);
  for (let column = column0; column < end; column += 4) {
    const n = end - column;
    const from = x + (<usize>row0 * <usize>channels + <usize>column << 2);
    let sum = f32x4.splat(0);
    let f = from;
    for (let r = 0; r < count; ++r) {
      sum = f32x4.add(sum, loadTail(f, n));
      f += step;
    }
    const mean = f32x4.mul(sum, inverse);
    let squares = f32x4.splat(0);
    f = from;
    for (let r = 0; r < count; ++r) {
      const d = f32x4.sub(loadTail(f, n), mean);
      squares = madd(d, d, squares);
      f += step;
    }
    const to = partial + (<usize>(2 * chunk) * <usize>channels + <usize>column << 2);
    storeTail(to, mean, n);
    storeTail(to + step, squares, n);
  }
}

function combineMoments(partial: usize, mean: usize, variance: usize, rows: i32, channels: i32): void {
  const chunks = (rows + CHUNK - 1) / CHUNK;
  for (let c: usize = 0; c < <usize>channels; ++c) {
    let m: f64 = 0, s: f64 = 0, n: f64 = 0;
    for (let chunk = 0; chunk < chunks; ++chunk) {
      const count = <f64>min(CHUNK, rows - chunk * CHUNK);
      const at = partial + ((<usize>(2 * chunk) * <usize>channels + c) << 2);
      const delta = <f64>load<f32>(at) - m;
      const total = n + count;
      m += delta * (count / total);
      s += <f64>load<f32>(at + (<usize>channels << 2)) + delta * delta * (n * count / total);
      n = total;
    }
    store<f32>(mean + (c << 2), <f32>m);
    store<f32>(variance + (c << 2), <f32>(s / n));
  }
}

function affineTask(i: i32): void {
  // y = x·scale + shift per channel.
  const rows = arg(2), channels = arg(3);
  const scale = argP(4), shift = argP(5), per = arg(6);
  const last = min(rows, (i + 1) * per);
  let x = argP(0) + (<usize>(i * per) * <usize>channels << 2);
  let y = argP(1) + (<usize>(i * per) * <usize>channels << 2);
  for (let r = i * per; r < last; ++r) {
    for (let c = 0; c < channels; c += 4) {
      const n = channels - c;
      const at = <usize>c << 2;
      storeTail(y + at, madd(loadTail(x + at, n), loadTail(scale + at, n), loadTail(shift + at, n)), n);
    }
    x += <usize>channels << 2;
    y += <usize>channels << 2;
  }
}

// @ts-expect-error: AssemblyScript decorator
@inline
function rowsPerTask(channels: i32): i32 {
  return max(1, 16384 / channels);
}

/** y[rows][channels] = x·scale + shift, the coefficients per channel. */
export function channelAffine(x: usize, y: usize, rows: i32, channels: i32, scale: usize, shift: usize): void {
  const per = rowsPerTask(channels);
  setArg(0, <i32>x); setArg(1, <i32>y); setArg(2, rows); setArg(3, channels);
  setArg(4, <i32>scale); setArg(5, <i32>shift); setArg(6, per);
  parallel(affineTask.index, (rows + per - 1) / per);
}

/** Floats of workspace that the functions below need. */
export function batchNormWorkspace(rows: i32, channels: i32): i32 {
  return (2 * ((rows + CHUNK - 1) / CHUNK) + 3) * channels;
}

/** Mean and biased variance of each channel. */
function channelMoments(x: usize, work: usize, mean: usize, variance: usize, rows: i32, channels: i32): void {
  setArg(0, <i32>x); setArg(1, <i32>work); setArg(2, rows); setArg(3, channels);
  parallel(momentsTask.index, ((rows + CHUNK - 1) / CHUNK) * ((channels + COLUMNS - 1) / COLUMNS));
  combineMoments(work, mean, variance, rows, channels);
}

/** y = γ·(x − mean)/√(variance + ε) + β with the statistics of x, which are written out too. */
export function batchNormForward(
  x: usize, gamma: usize, beta: usize, y: usize, mean: usize, variance: usize, work: usize,
  rows: i32, channels: i32, epsilon: f32,
): void {
  channelMoments(x, work, mean, variance, rows, channels);
  const scale = work, shift = work + (<usize>channels << 2);
  for (let c: usize = 0; c < <usize>channels; ++c) {
    const at = c << 2;
    const s = load<f32>(gamma + at) / sqrt<f32>(load<f32>(variance + at) + epsilon);
    store<f32>(scale + at, s);
    store<f32>(shift + at, load<f32>(beta + at) - load<f32>(mean + at) * s);
  }
  channelAffine(x, y, rows, channels, scale, shift);
}

function gradientSumsTask(i: i32): void {
  // Per chunk and channel: Σ dy and Σ dy·(x − mean).
  const x = argP(0), partial = argP(1), rows = arg(2), channels = arg(3);
  const dy = argP(4), mean = argP(5);
  const blocks = (channels + COLUMNS - 1) / COLUMNS;
  const column0 = (i % blocks) * COLUMNS, chunk = i / blocks;
  const row0 = chunk * CHUNK;
  const count = min(CHUNK, rows - row0);
  const step = <usize>channels << 2;
  const end = min(channels, column0 + COLUMNS);
  for (let column = column0; column < end; column += 4) {
    const n = end - column;
    const offset = <usize>row0 * <usize>channels + <usize>column << 2;
    let f = x + offset, g = dy + offset;
    const m = loadTail(mean + (<usize>column << 2), n);
    let sum = f32x4.splat(0), product = f32x4.splat(0);
    for (let r = 0; r < count; ++r) {
      const d = loadTail(g, n);
      sum = f32x4.add(sum, d);
      product = madd(d, f32x4.sub(loadTail(f, n), m), product);
      f += step;
      g += step;
    }
    const to = partial + (<usize>(2 * chunk) * <usize>channels + <usize>column << 2);
    storeTail(to, sum, n);
    storeTail(to + step, product, n);
  }
}

function gradientTask(i: i32): void {
  // dx = dy·a + x·b + k per channel.
  const rows = arg(2), channels = arg(3), per = arg(6);
  const coefficients = argP(7);
  const last = min(rows, (i + 1) * per);
  const offset = <usize>(i * per) * <usize>channels << 2;
  const step = <usize>channels << 2;
  let x = argP(0) + offset, dy = argP(4) + offset, dx = argP(8) + offset;
  for (let r = i * per; r < last; ++r) {
    for (let c = 0; c < channels; c += 4) {
      const n = channels - c;
      const at = <usize>c << 2;
      const co = coefficients + at;
      const v = madd(loadTail(x + at, n), loadTail(co + step, n), loadTail(co + 2 * step, n));
      storeTail(dx + at, madd(loadTail(dy + at, n), loadTail(co, n), v), n);
    }
    x += step; dy += step; dx += step;
  }
}

/**
 * Gradients of `batchNormForward`:
 * dβ = Σ dy, dγ = Σ dy·x̂, dx = γ/σ · (dy − dβ/rows − x̂·dγ/rows), x̂ = (x − mean)/σ.
 */
export function batchNormBackward(
  x: usize, dy: usize, gamma: usize, mean: usize, variance: usize, dx: usize, dgamma: usize, dbeta: usize,
  work: usize, rows: i32, channels: i32, epsilon: f32,
): void {
  setArg(0, <i32>x); setArg(1, <i32>work); setArg(2, rows); setArg(3, channels);
  setArg(4, <i32>dy); setArg(5, <i32>mean);
  const chunks = (rows + CHUNK - 1) / CHUNK;
  parallel(gradientSumsTask.index, chunks * ((channels + COLUMNS - 1) / COLUMNS));
  const step = <usize>channels << 2;
  const coefficients = work + <usize>(2 * chunks) * step;
  for (let c: usize = 0; c < <usize>channels; ++c) {
    const at = c << 2;
    let sum: f64 = 0, product: f64 = 0;
    for (let chunk = 0; chunk < chunks; ++chunk) {
      const from = work + <usize>(2 * chunk) * step + at;
      sum += <f64>load<f32>(from);
      product += <f64>load<f32>(from + step);
    }
    const inverse = 1 / sqrt<f64>(<f64>load<f32>(variance + at) + <f64>epsilon);
    const g = <f64>load<f32>(gamma + at) * inverse;
    const slope = -g * inverse * inverse * product / <f64>rows;
    store<f32>(dbeta + at, <f32>sum);
    store<f32>(dgamma + at, <f32>(product * inverse));
    store<f32>(coefficients + at, <f32>g);
    store<f32>(coefficients + step + at, <f32>slope);
    store<f32>(coefficients + 2 * step + at, <f32>(-g * sum / <f64>rows - slope * <f64>load<f32>(mean + at)));
  }
  const per = rowsPerTask(channels);
  setArg(6, per); setArg(7, <i32>coefficients); setArg(8, <i32>dx);
  parallel(gradientTask.index, (rows + per - 1) / per);
}
