// Parameter updates in place, one pass over the memory. Tasks take fixed ranges of elements.
import { arg, argF, argP, setArg, setArgF } from './layout';
import { madd } from './gemm';
import { parallel } from './pool';
import { sign4 } from './vector-math';

const GRAIN: i32 = 16384;

// Tags that pick a rule and the number of elements at compile time, as in elementwise.ts.
class Adam {}
class Lerp {}
class Lion {}
class RmsProp {}
class Sgd {}
class Momentum {}
class Nesterov {}
class Four {}
class One {}

// @ts-expect-error: AssemblyScript decorator
@inline
function read<Count>(address: usize): v128 {
  if (idof<Count>() == idof<Four>()) return v128.load(address);
  return v128.load32_zero(address);
}

// @ts-expect-error: AssemblyScript decorator
@inline
function write<Count>(address: usize, value: v128): void {
  if (idof<Count>() == idof<Four>()) v128.store(address, value);
  else v128.store32_lane(address, value, 0);
}

// A rule's settings lie after the addresses and the count.

// @ts-expect-error: AssemblyScript decorator
@inline
function setting(i: usize): v128 {
  return f32x4.splat(argF(5 + i));
}

// @ts-expect-error: AssemblyScript decorator
@inline
function set(i: usize, value: f32): void {
  setArgF(5 + i, value);
}

/** √v, above zero where v is zero, so that ε may be: as the composed form has it. */
// @ts-expect-error: AssemblyScript decorator
@inline
function rootOf(v: v128): v128 {
  return f32x4.sqrt(f32x4.add(v, f32x4.splat(1e-24)));
}

/** average + amount·(value − average) */
// @ts-expect-error: AssemblyScript decorator
@inline
function lerp(average: v128, value: v128, amount: v128): v128 {
  return madd(amount, f32x4.sub(value, average), average);
}

/** p − (step + shrinkage·p) */
// @ts-expect-error: AssemblyScript decorator
@inline
function moved(p: v128, step: v128, shrinkage: v128): v128 {
  return f32x4.sub(p, madd(shrinkage, p, step));
}

/** One or four elements: the variable's at p, what is remembered of them at a and b, the gradient's at g. */
// @ts-expect-error: AssemblyScript decorator
@inline
function update<Rule, Count>(p: usize, a: usize, b: usize, g: usize): void {
  const old = read<Count>(p), gradient = read<Count>(g);
  if (idof<Rule>() == idof<Lerp>()) {
    write<Count>(p, lerp(old, gradient, setting(0)));
  } else if (idof<Rule>() == idof<Adam>()) {
    const m = lerp(read<Count>(a), gradient, setting(0));
    const v = lerp(read<Count>(b), f32x4.mul(gradient, gradient), setting(1));
    write<Count>(a, m);
    write<Count>(b, v);
    const root = madd(rootOf(v), setting(4), setting(2));
    write<Count>(p, moved(old, f32x4.div(f32x4.mul(setting(3), m), root), setting(5)));
  } else if (idof<Rule>() == idof<RmsProp>()) {
    const v = lerp(read<Count>(a), f32x4.mul(gradient, gradient), setting(1));
    write<Count>(a, v);
    const root = f32x4.add(rootOf(v), setting(2));
    write<Count>(p, f32x4.sub(old, f32x4.div(f32x4.mul(setting(0), gradient), root)));
  } else if (idof<Rule>() == idof<Lion>()) {
    const m = read<Count>(a);
    // Rounded as separate operations are: where the two sums cancel, the sign is in the last bit.
    const average = f32x4.add(f32x4.mul(setting(1), m), f32x4.mul(setting(2), gradient));
    write<Count>(a, f32x4.add(f32x4.mul(setting(3), m), f32x4.mul(setting(4), gradient)));
    write<Count>(p, moved(old, f32x4.mul(setting(0), sign4(average)), setting(5)));
  } else {
    let direction = gradient;
    if (idof<Rule>() != idof<Sgd>()) {
      const buffer = madd(setting(1), read<Count>(a), gradient);
      write<Count>(a, buffer);
      direction = idof<Rule>() == idof<Nesterov>() ? madd(setting(1), buffer, gradient) : buffer;
    }
    write<Count>(p, f32x4.sub(old, f32x4.mul(setting(0), direction)));
  }
}

// @ts-expect-error: AssemblyScript decorator
@inline
function updateRange<Rule>(i: i32): void {
  const start = <usize>(i * GRAIN) << 2;
  let p = argP(0) + start, a = argP(1) + start, b = argP(2) + start, g = argP(3) + start;
  let n = min(GRAIN, arg(4) - i * GRAIN);
  while (n >= 4) {
    update<Rule, Four>(p, a, b, g);
    p += 16; a += 16; b += 16; g += 16; n -= 4;
  }
  while (n > 0) {
    update<Rule, One>(p, a, b, g);
    p += 4; a += 4; b += 4; g += 4; --n;
  }
}

function adamTask(i: i32): void { updateRange<Adam>(i); }
function lerpTask(i: i32): void { updateRange<Lerp>(i); }
function lionTask(i: i32): void { updateRange<Lion>(i); }
function rmsPropTask(i: i32): void { updateRange<RmsProp>(i); }
function sgdTask(i: i32): void { updateRange<Sgd>(i); }
function momentumTask(i: i32): void { updateRange<Momentum>(i); }
function nesterovTask(i: i32): void { updateRange<Nesterov>(i); }

/** Runs a task, whose settings are set, over all n elements; a and b may be 0 if the rule has no use for them. */
function updateAll(task: u32, p: usize, a: usize, b: usize, g: usize, n: i32): void {
  setArg(0, <i32>p); setArg(1, <i32>a); setArg(2, <i32>b); setArg(3, <i32>g); setArg(4, n);
  parallel(task, (n + GRAIN - 1) / GRAIN);
}

/**
 * Adam (Kingma and Ba 2014): m += rate1·(g − m), v += rate2·(g² − v),
 * p −= shrinkage·p + stepSize·m / (√v·inverseSqrtBias2 + ε).
 */
export function adamStep(
  p: usize, m: usize, v: usize, g: usize, n: i32, rate1: f32, rate2: f32, epsilon: f32,
  stepSize: f32, inverseSqrtBias2: f32, shrinkage: f32,
): void {
  set(0, rate1); set(1, rate2); set(2, epsilon);
  set(3, stepSize); set(4, inverseSqrtBias2); set(5, shrinkage);
  updateAll(adamTask.index, p, m, v, g, n);
}

/** RMSProp (Tieleman and Hinton 2012): v += rate·(g² − v), p −= learningRate·g / (√v + ε). */
export function rmsPropStep(
  p: usize, v: usize, g: usize, n: i32, learningRate: f32, rate: f32, epsilon: f32,
): void {
  set(0, learningRate); set(1, rate); set(2, epsilon);
  updateAll(rmsPropTask.index, p, v, 0, g, n);
}

/**
 * Lion (Chen et al. 2023): p −= shrinkage·p + learningRate·sign(kept1·m + new1·g), m = kept2·m + new2·g.
 */
export function lionStep(
  p: usize, m: usize, g: usize, n: i32, learningRate: f32, kept1: f32, new1: f32, kept2: f32,
  new2: f32, shrinkage: f32,
): void {
  set(0, learningRate); set(1, kept1); set(2, new1);
  set(3, kept2); set(4, new2); set(5, shrinkage);
  updateAll(lionTask.index, p, m, 0, g, n);
}

/**
 * Gradient descent: p −= learningRate·d. With a buffer b of momentum b = μb + g, and d = b (Polyak
 * 1964) or g + μb (Nesterov 1983); with b at 0, d = g.
 */
export function sgdStep(
  p: usize, b: usize, g: usize, n: i32, learningRate: f32, momentum: f32, nesterov: bool,
): void {
  set(0, learningRate); set(1, momentum);
  const task = b == 0 ? sgdTask.index : nesterov ? nesterovTask.index : momentumTask.index;
  updateAll(task, p, b, 0, g, n);
}

/** target += amount·(source − target): a step of an exponential moving average. */
export function lerpStep(target: usize, source: usize, n: i32, amount: f32): void {
  set(0, amount);
  updateAll(lerpTask.index, target, 0, 0, source, n);
}
