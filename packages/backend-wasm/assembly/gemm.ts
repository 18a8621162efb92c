// Matrix products with 4×8 register tiles. A is either read in place through row pointers (plain
// matrices, and the pixels of a convolution, tap by tap) or packed (transposed matrices); B is
// packed into panels of 8 columns. Every element's sum runs in an order that depends on the shapes
// alone.
//
// The inner loops must stay as they are: one step of k each, one splat alive at a time. Unrolled by
// hand, V8 hoists the loads and spills the accumulators, at half the speed.
import { arg, argF, argP, scratch, setArg, setArgF, SCRATCH_PACK, SCRATCH_TABLE, SCRATCH_TILE, ZEROS } from './layout';
import { parallel } from './pool';

export const MR: i32 = 4;
export const NR: i32 = 8;
/** Rows per task: with KC columns of them, a part of A that stays in the second-level cache. */
export const MC: i32 = 64;
/** Depth of one pass over a panel of B: 8 KiB of it, half of the first-level cache with A's rows. */
export const KC: i32 = 256;

export const ACT_NONE: i32 = 0;
export const ACT_RELU: i32 = 1;
export const ACT_LEAKY: i32 = 2;

// @ts-expect-error: AssemblyScript decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

// @ts-expect-error: AssemblyScript decorator
@inline
export function activate(x: v128, act: i32, alpha: v128): v128 {
  const zero = f32x4.splat(0);
  if (act == ACT_RELU) return f32x4.max(x, zero);
  return v128.bitselect(f32x4.mul(x, alpha), x, f32x4.lt(x, zero));
}

/**
 * A 4×8 tile: C = (bias or C) + Σ over taps and k of A[row][tap][k] · B[tap, k][8].
 * `rows` holds 4 addresses per tap; `c` the addresses of the 4 rows of C; `bias` 8 floats, or 0 to
 * start from C.
 */
export function microRows(
  rows: usize, taps: i32, offset: usize, depth: i32, b: usize,
  c: usize, cOffset: usize, bias: usize, act: i32, alpha: f32,
): void {
  const c0 = <usize>load<u32>(c, 0) + cOffset;
  const c1 = <usize>load<u32>(c, 4) + cOffset;
  const c2 = <usize>load<u32>(c, 8) + cOffset;
  const c3 = <usize>load<u32>(c, 12) + cOffset;
  let s00: v128, s01: v128, s10: v128, s11: v128, s20: v128, s21: v128, s30: v128, s31: v128;
  if (bias) {
    s00 = v128.load(bias);
    s01 = v128.load(bias, 16);
    s10 = s00; s20 = s00; s30 = s00;
    s11 = s01; s21 = s01; s31 = s01;
  } else {
    s00 = v128.load(c0); s01 = v128.load(c0, 16);
    s10 = v128.load(c1); s11 = v128.load(c1, 16);
    s20 = v128.load(c2); s21 = v128.load(c2, 16);
    s30 = v128.load(c3); s31 = v128.load(c3, 16);
  }
  do {
    let p0 = <usize>load<u32>(rows, 0) + offset;
    let p1 = <usize>load<u32>(rows, 4) + offset;
    let p2 = <usize>load<u32>(rows, 8) + offset;
    let p3 = <usize>load<u32>(rows, 12) + offset;
    let k = depth;
    do {
      const b0 = v128.load(b), b1 = v128.load(b, 16);
      let a = v128.load32_splat(p0); s00 = madd(a, b0, s00); s01 = madd(a, b1, s01);
      a = v128.load32_splat(p1); s10 = madd(a, b0, s10); s11 = madd(a, b1, s11);
      a = v128.load32_splat(p2); s20 = madd(a, b0, s20); s21 = madd(a, b1, s21);
      a = v128.load32_splat(p3); s30 = madd(a, b0, s30); s31 = madd(a, b1, s31);
      p0 += 4; p1 += 4; p2 += 4; p3 += 4;
      b += 32;
    } while (--k > 0);
    rows += 16;
  } while (--taps > 0);
  if (act) {
    const slope = f32x4.splat(alpha);
    s00 = activate(s00, act, slope); s01 = activate(s01, act, slope);
    s10 = activate(s10, act, slope); s11 = activate(s11, act, slope);
    s20 = activate(s20, act, slope); s21 = activate(s21, act, slope);
    s30 = activate(s30, act, slope); s31 = activate(s31, act, slope);
  }
  v128.store(c0, s00); v128.store(c0, s01, 16);
  v128.store(c1, s10); v128.store(c1, s11, 16);
  v128.store(c2, s20); v128.store(c2, s21, 16);
  v128.store(c3, s30); v128.store(c3, s31, 16);
}

/** The same tile from packed A, `[depth][4]`. */
function microPacked(
  a: usize, depth: i32, b: usize, c: usize, cOffset: usize, bias: usize,
): void {
  const c0 = <usize>load<u32>(c, 0) + cOffset;
  const c1 = <usize>load<u32>(c, 4) + cOffset;
  const c2 = <usize>load<u32>(c, 8) + cOffset;
  const c3 = <usize>load<u32>(c, 12) + cOffset;
  let s00: v128, s01: v128, s10: v128, s11: v128, s20: v128, s21: v128, s30: v128, s31: v128;
  if (bias) {
    s00 = v128.load(bias);
    s01 = v128.load(bias, 16);
    s10 = s00; s20 = s00; s30 = s00;
    s11 = s01; s21 = s01; s31 = s01;
  } else {
    s00 = v128.load(c0); s01 = v128.load(c0, 16);
    s10 = v128.load(c1); s11 = v128.load(c1, 16);
    s20 = v128.load(c2); s21 = v128.load(c2, 16);
    s30 = v128.load(c3); s31 = v128.load(c3, 16);
  }
  do {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load32_splat(a); s00 = madd(x, b0, s00); s01 = madd(x, b1, s01);
    x = v128.load32_splat(a, 4); s10 = madd(x, b0, s10); s11 = madd(x, b1, s11);
    x = v128.load32_splat(a, 8); s20 = madd(x, b0, s20); s21 = madd(x, b1, s21);
    x = v128.load32_splat(a, 12); s30 = madd(x, b0, s30); s31 = madd(x, b1, s31);
    a += 16;
    b += 32;
  } while (--depth > 0);
  v128.store(c0, s00); v128.store(c0, s01, 16);
  v128.store(c1, s10); v128.store(c1, s11, 16);
  v128.store(c2, s20); v128.store(c2, s21, 16);
  v128.store(c3, s30); v128.store(c3, s31, 16);
}

// --- packing B ---------------------------------------------------------------------------------

/** Bytes of B packed: panels of 8 columns, each `[depth][8]`, the last filled up with zeros. */
export function packedBytes(depth: i32, columns: i32): usize {
  return <usize>((columns + NR - 1) / NR) * <usize>depth * 32;
}

/** Packs panel `p` of B[depth][columns], whose strides are in elements. */
export function packPanel(
  dst: usize, src: usize, depth: i32, columns: i32, depthStride: i32, columnStride: i32, p: i32,
): void {
  const n = min(NR, columns - p * NR);
  let to = dst + <usize>p * <usize>depth * 32;
  let from = src + (<usize>(p * NR) * <usize>columnStride << 2);
  const step = <usize>depthStride << 2;
  if (columnStride == 1 && n == NR) {
    for (let k = 0; k < depth; ++k) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      to += 32;
      from += step;
    }
    return;
  }
  const across = <usize>columnStride << 2;
  if (depthStride == 1 && n == NR) {
    let k = 0;
    for (; k + 4 <= depth; k += 4) {
      transposeTo(to, from, across);
      transposeTo(to + 16, from + 4 * across, across);
      to += 128;
      from += 16;
    }
    for (; k < depth; ++k) {
      for (let j = 0; j < NR; ++j) store<f32>(to + (<usize>j << 2), load<f32>(from + <usize>j * across));
      to += 32;
      from += 4;
    }
    return;
  }
  for (let k = 0; k < depth; ++k) {
    for (let j = 0; j < n; ++j) store<f32>(to + (<usize>j << 2), load<f32>(from + <usize>j * across));
    for (let j = n; j < NR; ++j) store<f32>(to + (<usize>j << 2), 0);
    to += 32;
    from += step;
  }
}

/** Writes the 4×4 block whose rows lie `across` bytes apart as 4 rows of 4, 32 bytes apart. */
// @ts-expect-error: AssemblyScript decorator
@inline
function transposeTo(to: usize, from: usize, across: usize): void {
  const r0 = v128.load(from);
  const r1 = v128.load(from + across);
  const r2 = v128.load(from + 2 * across);
  const r3 = v128.load(from + 3 * across);
  const t0 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5);
  const t1 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
  const t2 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
  const t3 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(t0, t1, 0, 2));
  v128.store(to, v128.shuffle<i64>(t0, t1, 1, 3), 32);
  v128.store(to, v128.shuffle<i64>(t2, t3, 0, 2), 64);
  v128.store(to, v128.shuffle<i64>(t2, t3, 1, 3), 96);
}

const PANELS_PER_PACK_TASK: i32 = 4;

function packTask(i: i32): void {
  const dst = argP(0), src = argP(1);
  const depth = arg(2), columns = arg(3);
  const panels = (columns + NR - 1) / NR;
  const last = min(panels, (i + 1) * PANELS_PER_PACK_TASK);
  for (let p = i * PANELS_PER_PACK_TASK; p < last; ++p) {
    packPanel(dst, src, depth, columns, arg(4), arg(5), p);
  }
}

/** Packs B[depth][columns] to `dst`; strides in elements. */
export function packB(
  dst: usize, src: usize, depth: i32, columns: i32, depthStride: i32, columnStride: i32,
): void {
  setArg(0, <i32>dst); setArg(1, <i32>src); setArg(2, depth); setArg(3, columns);
  setArg(4, depthStride); setArg(5, columnStride);
  const panels = (columns + NR - 1) / NR;
  parallel(packTask.index, (panels + PANELS_PER_PACK_TASK - 1) / PANELS_PER_PACK_TASK);
}

// --- driving the tiles -------------------------------------------------------------------------

/** One tile through scratch memory where the last panel has fewer than 8 columns. */
// @ts-expect-error: AssemblyScript decorator
@inline
function edgeIn(c: usize, cOffset: usize, n: i32, first: bool): void {
  const tile = scratch + SCRATCH_TILE;
  for (let r: usize = 0; r < 4; ++r) {
    store<u32>(tile + (r << 2), <u32>(tile + 64 + (r << 5)));
    if (first) continue;
    const row = <usize>load<u32>(c + (r << 2)) + cOffset;
    for (let j: usize = 0; j < <usize>n; ++j) {
      store<f32>(tile + 64 + (r << 5) + (j << 2), load<f32>(row + (j << 2)));
    }
  }
}

// @ts-expect-error: AssemblyScript decorator
@inline
function edgeOut(c: usize, cOffset: usize, n: i32): void {
  const tile = scratch + SCRATCH_TILE;
  for (let r: usize = 0; r < 4; ++r) {
    const row = <usize>load<u32>(c + (r << 2)) + cOffset;
    for (let j: usize = 0; j < <usize>n; ++j) {
      store<f32>(row + (j << 2), load<f32>(tile + 64 + (r << 5) + (j << 2)));
    }
  }
}

/**
 * All tiles of some rows × the panels [panel0, panel1).
 * `rows`: per 4-row block `taps` groups of 4 addresses; `c`: 4 addresses of C per block.
 * `b` is packed, or, if it has strides, packed here, a block of KC rows and 8 columns at a time.
 * `bias`: one value per column (read in whole panels), or 0. Sums run over blocks of KC in order.
 */
export function rowTiles(
  blocks: i32, rows: usize, taps: i32, depth: i32, b: usize, depthStride: i32, columnStride: i32, columns: i32,
  c: usize, bias: usize, act: i32, alpha: f32, panel0: i32, panel1: i32,
): void {
  const pack = scratch + SCRATCH_PACK;
  const panelBytes = <usize>taps * <usize>depth * 32;
  const rowsBytes = <usize>taps << 4;
  const group = depth >= KC ? 1 : max(1, KC / depth);
  for (let tap = 0; tap < taps; tap += group) {
    const nTaps = min(group, taps - tap);
    for (let k = 0; k < depth; k += KC) {
      const length = min(KC, depth - k);
      const first = tap == 0 && k == 0;
      const last = tap + nTaps == taps && k + length == depth;
      const tileAct = last ? act : ACT_NONE;
      const row = <usize>tap * <usize>depth + <usize>k;
      for (let p = panel0; p < panel1; ++p) {
        const n = min(NR, columns - p * NR);
        let bPanel = b + <usize>p * panelBytes + row * 32;
        if (depthStride) {
          bPanel = pack;
          const from = b + ((row * <usize>depthStride + <usize>(p * NR) * <usize>columnStride) << 2);
          packPanel(pack, from, nTaps * length, n, depthStride, columnStride, 0);
        }
        const cOffset = <usize>p * 32;
        const tileBias = first ? (bias ? bias + cOffset : ZEROS) : 0;
        for (let block = 0; block < blocks; ++block) {
          const blockRows = rows + <usize>block * rowsBytes + (<usize>tap << 4);
          const blockC = c + (<usize>block << 4);
          if (n == NR) {
            microRows(blockRows, nTaps, <usize>k << 2, length, bPanel, blockC, cOffset, tileBias, tileAct, alpha);
          } else {
            edgeIn(blockC, cOffset, n, first);
            microRows(blockRows, nTaps, <usize>k << 2, length, bPanel, scratch + SCRATCH_TILE, 0, tileBias, tileAct, alpha);
            edgeOut(blockC, cOffset, n);
          }
        }
      }
    }
  }
}

/** Where rows past the end are read from and written to: the thread's own dump. */
export function dumpRow(): usize {
  return scratch + SCRATCH_TILE + 1024;
}

/** How many panels a task takes, so that there are enough tasks and B is reused within each. */
export function panelsPerTask(rowTasks: i32, panels: i32): i32 {
  const wanted = max(1, 16 / rowTasks);
  return max(1, (panels + wanted - 1) / wanted);
}

// --- C = A·B with A in rows ---------------------------------------------------------------------

function matMulRowsTask(task: i32): void {
  const m = arg(4), k = arg(5), n = arg(6), lda = arg(7);
  const panels = (n + NR - 1) / NR;
  const perTask = arg(10);
  const groups = (panels + perTask - 1) / perTask;
  const tasks = groups * ((m + MC - 1) / MC);
  const i = task % tasks;
  const product = <usize>(task / tasks);
  const a = argP(0) + product * <usize>m * <usize>lda * 4;
  const b = argP(1) + product * packedBytes(k, n);
  const c = argP(2) + product * <usize>m * <usize>n * 4;
  const bias = argP(3);
  const row0 = (i / groups) * MC;
  const panel0 = (i % groups) * perTask;
  const rows = scratch + SCRATCH_TABLE;
  const cs = rows + 4 * MC;
  const count = min(MC, m - row0);
  const blocks = (count + MR - 1) / MR;
  for (let r = 0; r < blocks * MR; ++r) {
    // Rows past the end repeat the last one: they store the same value to the same place.
    const row = <usize>min(row0 + r, m - 1);
    store<u32>(rows + (<usize>r << 2), <u32>(a + (row * <usize>lda << 2)));
    store<u32>(cs + (<usize>r << 2), <u32>(c + (row * <usize>n << 2)));
  }
  rowTiles(blocks, rows, 1, k, b, 0, 0, n, cs, bias, arg(8), argF(9), panel0, min(panels, panel0 + perTask));
}

/**
 * C[m][n] = act(A[m][k]·B + bias), B packed, for `count` products one behind the other. `lda` in
 * elements.
 */
export function matMulRows(
  a: usize, b: usize, c: usize, bias: usize, m: i32, k: i32, n: i32, lda: i32, act: i32, alpha: f32,
  count: i32,
): void {
  setArg(0, <i32>a); setArg(1, <i32>b); setArg(2, <i32>c); setArg(3, <i32>bias);
  setArg(4, m); setArg(5, k); setArg(6, n); setArg(7, lda); setArg(8, act); setArgF(9, alpha);
  const rowTasks = count * ((m + MC - 1) / MC);
  const panels = (n + NR - 1) / NR;
  const perTask = panelsPerTask(rowTasks, panels);
  setArg(10, perTask);
  parallel(matMulRowsTask.index, rowTasks * ((panels + perTask - 1) / perTask));
}

/**
 * Up to so many rows of A one task takes all of them, and packs its part of B as it goes: to pack all of
 * B before, and read it again, would take longer than what it saves.
 */
export const FEW_ROWS: i32 = 256;

/** Whether products with so many rows of A, and convolutions with so many pixels, take B or the filter as it is. */
export function takesPlain(rows: i32): bool {
  return rows <= FEW_ROWS;
}

function matMulFewRowsTask(i: i32): void {
  const a = argP(0), c = argP(2);
  const m = arg(4), k = arg(5), n = arg(6), lda = arg(7), perTask = arg(10);
  const blocks = (m + MR - 1) / MR;
  const rows = scratch + SCRATCH_TABLE;
  const cs = rows + 4 * FEW_ROWS;
  for (let r = 0; r < blocks * MR; ++r) {
    const row = <usize>min(r, m - 1);
    store<u32>(rows + (<usize>r << 2), <u32>(a + (row * <usize>lda << 2)));
    store<u32>(cs + (<usize>r << 2), <u32>(c + (row * <usize>n << 2)));
  }
  const panel0 = i * perTask, panel1 = min((n + NR - 1) / NR, panel0 + perTask);
  rowTiles(blocks, rows, 1, k, argP(1), arg(11), arg(12), n, cs, argP(3), arg(8), argF(9), panel0, panel1);
}

/** C[m][n] = act(A[m][k]·B + bias) if `takesPlain(m)`. B as it is; strides in elements. */
export function matMulFewRows(
  a: usize, b: usize, c: usize, bias: usize, m: i32, k: i32, n: i32, lda: i32, act: i32, alpha: f32,
  depthStride: i32, columnStride: i32,
): void {
  setArg(0, <i32>a); setArg(1, <i32>b); setArg(2, <i32>c); setArg(3, <i32>bias);
  setArg(4, m); setArg(5, k); setArg(6, n); setArg(7, lda); setArg(8, act); setArgF(9, alpha);
  setArg(11, depthStride); setArg(12, columnStride);
  const panels = (n + NR - 1) / NR;
  const perTask = panelsPerTask(1, panels);
  setArg(10, perTask);
  parallel(matMulFewRowsTask.index, (panels + perTask - 1) / perTask);
}

// --- C = Aᵀ·B, A given by one address per k -----------------------------------------------------

/** Packs `count` ≤ MC columns of Aᵀ from `depth` addresses to `[block][depth][4]`. */
function packColumns(dst: usize, list: usize, depth: i32, offset: usize, count: i32): void {
  const blocks = (count + MR - 1) / MR;
  const whole = count / MR;
  for (let k = 0; k < depth; ++k) {
    const from = <usize>load<u32>(list + (<usize>k << 2)) + offset;
    let to = dst + (<usize>k << 4);
    const step = <usize>depth << 4;
    for (let j = 0; j < whole; ++j) {
      v128.store(to, v128.load(from + (<usize>j << 4)));
      to += step;
    }
    if (blocks > whole) {
      const rest = count - whole * MR;
      for (let j = 0; j < MR; ++j) {
        const value = j < rest ? load<f32>(from + (<usize>(whole * MR + j) << 2)) : <f32>0;
        store<f32>(to + (<usize>j << 2), value);
      }
    }
  }
}

/**
 * One pass of C[count rows][panels] += Aᵀ·B over `depth` ≤ KC addresses. B's panel p starts at
 * b + p·panelBytes. `first` starts from zero instead of C.
 */
export function columnTiles(
  list: usize, depth: i32, offset: usize, count: i32, b: usize, panelBytes: usize, columns: i32,
  c: usize, ldc: usize, first: bool, panel0: i32, panel1: i32,
): void {
  const pack = scratch + SCRATCH_PACK;
  packColumns(pack, list, depth, offset, count);
  const cs = scratch + SCRATCH_TILE + 512;
  const blocks = (count + MR - 1) / MR;
  for (let p = panel0; p < panel1; ++p) {
    const n = min(NR, columns - p * NR);
    const bPanel = b + <usize>p * panelBytes;
    const cOffset = <usize>p * 32;
    for (let block = 0; block < blocks; ++block) {
      const rest = min(MR, count - block * MR);
      for (let r = 0; r < MR; ++r) {
        const address = r < rest ? c + <usize>(block * MR + r) * ldc : dumpRow() - cOffset;
        store<u32>(cs + (<usize>r << 2), <u32>address);
      }
      const a = pack + (<usize>block * <usize>depth << 4);
      if (n == NR) {
        microPacked(a, depth, bPanel, cs, cOffset, first ? ZEROS : 0);
      } else {
        edgeIn(cs, cOffset, n, first);
        microPacked(a, depth, bPanel, scratch + SCRATCH_TILE, 0, first ? ZEROS : 0);
        edgeOut(cs, cOffset, n);
      }
    }
  }
}

function matMulColumnsTask(task: i32): void {
  const m = arg(4), k = arg(5), n = arg(6), lda = arg(7);
  const panels = (n + NR - 1) / NR;
  const perTask = arg(8);
  const groups = (panels + perTask - 1) / perTask;
  const tasks = groups * ((m + MC - 1) / MC);
  const i = task % tasks;
  const product = <usize>(task / tasks);
  const a = argP(0) + product * <usize>k * <usize>lda * 4;
  const b = argP(1) + product * packedBytes(k, n);
  const c = argP(2) + product * <usize>m * <usize>n * 4;
  const onto = arg(9) != 0;
  const row0 = (i / groups) * MC;
  const panel0 = (i % groups) * perTask;
  const list = scratch + SCRATCH_TABLE;
  const count = min(MC, m - row0);
  for (let k0 = 0; k0 < k; k0 += KC) {
    const depth = min(KC, k - k0);
    for (let j = 0; j < depth; ++j) {
      store<u32>(list + (<usize>j << 2), <u32>(a + (<usize>(k0 + j) * <usize>lda << 2)));
    }
    columnTiles(
      list, depth, <usize>row0 << 2, count, b + (<usize>k0 << 5), <usize>k << 5, n,
      c + (<usize>row0 * <usize>n << 2), <usize>n << 2, k0 == 0 && !onto,
      panel0, min(panels, panel0 + perTask),
    );
  }
}

/** C[m][n] = Aᵀ·B (+ C if `onto`) with A[k][m] and B packed, for `count` products one behind the other. */
export function matMulColumns(
  a: usize, b: usize, c: usize, m: i32, k: i32, n: i32, lda: i32, count: i32, onto: bool,
): void {
  setArg(0, <i32>a); setArg(1, <i32>b); setArg(2, <i32>c);
  setArg(4, m); setArg(5, k); setArg(6, n); setArg(7, lda);
  const rowTasks = count * ((m + MC - 1) / MC);
  const panels = (n + NR - 1) / NR;
  const perTask = panelsPerTask(rowTasks, panels);
  setArg(8, perTask); setArg(9, onto);
  parallel(matMulColumnsTask.index, rowTasks * ((panels + perTask - 1) / perTask));
}
