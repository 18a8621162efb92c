// Philox4x32-10 (Salmon et al. 2011), four counters at a time, and the Box–Muller transform. Block b
// of four words gives values 4b … 4b + 3, whatever thread makes it.
import { arg, argF, argP, setArg, setArgF } from './layout';
import { madd } from './gemm';
import { parallel } from './pool';
import { cosTurns4, log4 } from './vector-math';

const BLOCKS_PER_TASK: i32 = 1024;

/** High words of the products of four unsigned lanes with m. */
// @ts-expect-error: AssemblyScript decorator
@inline
function mulHigh(a: v128, m: v128): v128 {
  const low = i64x2.extmul_low_i32x4_u(a, m);
  const high = i64x2.extmul_high_i32x4_u(a, m);
  return v128.shuffle<i32>(low, high, 1, 3, 5, 7);
}

/** A uniform word w as the float (w + ½)·2⁻³². */
// @ts-expect-error: AssemblyScript decorator
@inline
function unit(w: v128): v128 {
  return madd(f32x4.convert_i32x4_u(w), f32x4.splat(2.3283064365386963e-10), f32x4.splat(1.1641532182693481e-10));
}

function normalTask(i: i32): void {
  const n = arg(1);
  const mean = f32x4.splat(argF(5)), stddev = f32x4.splat(argF(6));
  const m0 = i32x4.splat(0xd2511f53), m1 = i32x4.splat(0xcd9e8d57);
  const start = <u64>argP(2) | (<u64>argP(7) << 32);
  const blocks = (n + 3) / 4;
  const last = min(blocks, (i + 1) * BLOCKS_PER_TASK);
  for (let block = i * BLOCKS_PER_TASK; block < last; block += 4) {
    let c0 = i32x4.splat(0), c1 = i32x4.splat(0), c2 = i32x4.splat(0), c3 = i32x4.splat(0);
    const at = start + <u64>block;
    c0 = i32x4.replace_lane(c0, 0, <i32>at);
    c0 = i32x4.replace_lane(c0, 1, <i32>(at + 1));
    c0 = i32x4.replace_lane(c0, 2, <i32>(at + 2));
    c0 = i32x4.replace_lane(c0, 3, <i32>(at + 3));
    c1 = i32x4.replace_lane(c1, 0, <i32>(at >> 32));
    c1 = i32x4.replace_lane(c1, 1, <i32>((at + 1) >> 32));
    c1 = i32x4.replace_lane(c1, 2, <i32>((at + 2) >> 32));
    c1 = i32x4.replace_lane(c1, 3, <i32>((at + 3) >> 32));
    let k0 = arg(3), k1 = arg(4);
    for (let round = 0; round < 10; ++round) {
      const h0 = mulHigh(c0, m0), l0 = i32x4.mul(c0, m0);
      const h1 = mulHigh(c2, m1), l1 = i32x4.mul(c2, m1);
      c0 = v128.xor(v128.xor(h1, c1), i32x4.splat(k0));
      c1 = l1;
      c2 = v128.xor(v128.xor(h0, c3), i32x4.splat(k1));
      c3 = l0;
      k0 += 0x9e3779b9;
      k1 += 0xbb67ae85;
    }
    const r0 = f32x4.sqrt(f32x4.mul(f32x4.splat(-2), log4(f32x4.min(unit(c0), f32x4.splat(1)))));
    const r1 = f32x4.sqrt(f32x4.mul(f32x4.splat(-2), log4(f32x4.min(unit(c2), f32x4.splat(1)))));
    const u0 = f32x4.mul(f32x4.convert_i32x4_u(c1), f32x4.splat(2.3283064365386963e-10));
    const u1 = f32x4.mul(f32x4.convert_i32x4_u(c3), f32x4.splat(2.3283064365386963e-10));
    const a0 = madd(f32x4.mul(r0, cosTurns4(u0, 0)), stddev, mean);
    const a1 = madd(f32x4.mul(r0, cosTurns4(u0, -1)), stddev, mean);
    const a2 = madd(f32x4.mul(r1, cosTurns4(u1, 0)), stddev, mean);
    const a3 = madd(f32x4.mul(r1, cosTurns4(u1, -1)), stddev, mean);
    // Lanes are blocks: transpose, so that a block's four values lie together.
    const t0 = v128.shuffle<i32>(a0, a1, 0, 4, 1, 5), t1 = v128.shuffle<i32>(a2, a3, 0, 4, 1, 5);
    const t2 = v128.shuffle<i32>(a0, a1, 2, 6, 3, 7), t3 = v128.shuffle<i32>(a2, a3, 2, 6, 3, 7);
    put(block, 0, v128.shuffle<i64>(t0, t1, 0, 2), n);
    put(block, 1, v128.shuffle<i64>(t0, t1, 1, 3), n);
    put(block, 2, v128.shuffle<i64>(t2, t3, 0, 2), n);
    put(block, 3, v128.shuffle<i64>(t2, t3, 1, 3), n);
  }
}

// @ts-expect-error: AssemblyScript decorator
@inline
function put(block: i32, lane: i32, values: v128, n: i32): void {
  const index = 4 * (block + lane);
  const to = argP(0) + (<usize>index << 2);
  if (index + 4 <= n) {
    v128.store(to, values);
    return;
  }
  if (index < n) store<f32>(to, f32x4.extract_lane(values, 0));
  if (index + 1 < n) store<f32>(to, f32x4.extract_lane(values, 1), 4);
  if (index + 2 < n) store<f32>(to, f32x4.extract_lane(values, 2), 8);
}

/** n normals from block `position` (low and high word) of the stream with the given key. */
export function randomNormal(
  y: usize, n: i32, positionLow: i32, positionHigh: i32, key0: i32, key1: i32, mean: f32, stddev: f32,
): void {
  setArg(0, <i32>y); setArg(1, n); setArg(2, positionLow); setArg(3, key0); setArg(4, key1);
  setArgF(5, mean); setArgF(6, stddev); setArg(7, positionHigh);
  parallel(normalTask.index, ((n + 3) / 4 + BLOCKS_PER_TASK - 1) / BLOCKS_PER_TASK);
}
