// Parameter updates in place, one pass over the memory.
import { arg, argF, argP, setArg, setArgF } from './layout';
import { madd } from './gemm';
import { parallel } from './pool';

const GRAIN: i32 = 16384;

// @ts-expect-error: AssemblyScript decorator
@inline
function adam4(p: usize, m: usize, v: usize, g: v128, old: v128): v128 {
  const beta1 = f32x4.splat(argF(5)), beta2 = f32x4.splat(argF(6));
  const m1 = madd(f32x4.sub(f32x4.splat(1), beta1), f32x4.sub(g, v128.load(m)), v128.load(m));
  const v1 = madd(f32x4.sub(f32x4.splat(1), beta2), f32x4.sub(f32x4.mul(g, g), v128.load(v)), v128.load(v));
  v128.store(m, m1);
  v128.store(v, v1);
  const root = madd(f32x4.sqrt(v1), f32x4.splat(argF(9)), f32x4.splat(argF(7)));
  return f32x4.sub(old, f32x4.div(f32x4.mul(f32x4.splat(argF(8)), m1), root));
}

function adamTask(i: i32): void {
  const start = <usize>(i * GRAIN) << 2;
  let p = argP(0) + start, m = argP(1) + start, v = argP(2) + start, g = argP(3) + start;
  let n = min(GRAIN, arg(4) - i * GRAIN);
  while (n >= 4) {
    v128.store(p, adam4(p, m, v, v128.load(g), v128.load(p)));
    p += 16; m += 16; v += 16; g += 16; n -= 4;
  }
  const beta1 = argF(5), beta2 = argF(6);
  while (n > 0) {
    const gradient = load<f32>(g);
    const m1 = load<f32>(m) + (1 - beta1) * (gradient - load<f32>(m));
    const v1 = load<f32>(v) + (1 - beta2) * (gradient * gradient - load<f32>(v));
    store<f32>(m, m1);
    store<f32>(v, v1);
    store<f32>(p, load<f32>(p) - argF(8) * m1 / (sqrt<f32>(v1) * argF(9) + argF(7)));
    p += 4; m += 4; v += 4; g += 4; --n;
  }
}

/**
 * Adam (Kingma and Ba 2014): m += (1−β₁)(g−m), v += (1−β₂)(g²−v),
 * p −= stepSize·m / (√v·inverseSqrtBias2 + ε).
 */
export function adamStep(
  p: usize, m: usize, v: usize, g: usize, n: i32, beta1: f32, beta2: f32, epsilon: f32,
  stepSize: f32, inverseSqrtBias2: f32,
): void {
  setArg(0, <i32>p); setArg(1, <i32>m); setArg(2, <i32>v); setArg(3, <i32>g); setArg(4, n);
  setArgF(5, beta1); setArgF(6, beta2); setArgF(7, epsilon); setArgF(8, stepSize); setArgF(9, inverseSqrtBias2);
  parallel(adamTask.index, (n + GRAIN - 1) / GRAIN);
}

function lerpTask(i: i32): void {
  const start = <usize>(i * GRAIN) << 2;
  let t = argP(0) + start, s = argP(1) + start;
  let n = min(GRAIN, arg(2) - i * GRAIN);
  const amount = argF(3);
  const four = f32x4.splat(amount);
  while (n >= 4) {
    const target = v128.load(t);
    v128.store(t, madd(four, f32x4.sub(v128.load(s), target), target));
    t += 16; s += 16; n -= 4;
  }
  while (n > 0) {
    store<f32>(t, load<f32>(t) + amount * (load<f32>(s) - load<f32>(t)));
    t += 4; s += 4; --n;
  }
}

/** target += amount·(source − target): a step of an exponential moving average. */
export function lerpStep(target: usize, source: usize, n: i32, amount: f32): void {
  setArg(0, <i32>target); setArg(1, <i32>source); setArg(2, n); setArgF(3, amount);
  parallel(lerpTask.index, (n + GRAIN - 1) / GRAIN);
}
