// Convolutions by Winograd's minimal filtering, F(m×m, r×r) with m + r − 1 = 5: a tile of 5×5 input
// values and r×r taps take 25 products for m×m outputs, whatever r is.
//
//   Y = Aᵀ[(G w Gᵀ) ⊙ (Bᵀ x B)]A       for 5×5 x, r×r w, m×m Y
//   ∂L/∂w = Gᵀ[(Bᵀ x B) ⊙ (A ∂L/∂Y Aᵀ)]G
//
// Lavin and Gray 2015, arXiv 1509.09308; the matrices are Toom and Cook's for the points 0, 1, −1, 2
// and ∞. The 25 products of all tiles and channels are 25 matrix products. A convolution of stride s is
// a sum of s×s convolutions of stride 1, one per phase of its taps; the caller puts their channels one
// behind the other, so that the matrix products add them up.
//
// A plane is what a convolution of stride 1 reads or writes: its pixel (i, j) is pixel
// (stride·i + top, stride·j + left) of a picture, and 0 outside of it.
import { activate, packedBytes } from './gemm';
import { arg, argF, argP, scratch, setArg, setArgF, SCRATCH_TABLE, ZEROS } from './layout';
import { parallel } from './pool';

/** Points, and side of a tile. */
const SIDE: i32 = 5;
/** Bytes of a vector of 4 channels, and of a line of them in a tile. */
const VECTOR: usize = 16;
const LINE: usize = 80;

const PLANE: usize = 16;

/** The plane that the next job reads or writes, and the tiles of it, each of `size` outputs a side. */
export function winogradPlane(
  height: i32, width: i32, channels: i32, stride: i32, top: i32, left: i32,
  tilesH: i32, tilesW: i32, size: i32, firstTile: i32, tiles: i32,
): void {
  setArg(PLANE, height); setArg(PLANE + 1, width); setArg(PLANE + 2, channels);
  setArg(PLANE + 3, stride); setArg(PLANE + 4, top); setArg(PLANE + 5, left);
  setArg(PLANE + 6, tilesH); setArg(PLANE + 7, tilesW); setArg(PLANE + 8, size);
  setArg(PLANE + 9, firstTile); setArg(PLANE + 10, tiles);
}

// @ts-expect-error: AssemblyScript decorator
@inline function channels(): i32 { return arg(PLANE + 2); }
// @ts-expect-error: AssemblyScript decorator
@inline function size(): i32 { return arg(PLANE + 8); }
// @ts-expect-error: AssemblyScript decorator
@inline function tiles(): i32 { return arg(PLANE + 10); }

/** Writes the addresses of the side×side pixels of tile `i` to `list`; those outside are `outside`. */
function tilePixels(picture: usize, i: i32, side: i32, outside: usize, list: usize): void {
  const height = arg(PLANE), width = arg(PLANE + 1), stride = arg(PLANE + 3);
  const tilesW = arg(PLANE + 7);
  const tile = arg(PLANE + 9) + i;
  const rest = tile / tilesW;
  const tilesH = arg(PLANE + 6);
  const image = rest / tilesH;
  const top = (rest % tilesH) * size() * stride + arg(PLANE + 4);
  const left = (tile % tilesW) * size() * stride + arg(PLANE + 5);
  const pixel = <usize>channels() << 2;
  for (let r = 0; r < side; ++r) {
    const h = top + r * stride;
    for (let c = 0; c < side; ++c) {
      const w = left + c * stride;
      const inside = <u32>h < <u32>height && <u32>w < <u32>width;
      store<u32>(
        list + (<usize>(r * side + c) << 2),
        inside ? <u32>(picture + <usize>((image * height + h) * width + w) * pixel) : <u32>outside,
      );
    }
  }
}

// --- lines: the transforms along one axis, of 4 channels at once -----------------------------------

// @ts-expect-error: AssemblyScript decorator
@inline function add(a: v128, b: v128): v128 { return f32x4.add(a, b); }
// @ts-expect-error: AssemblyScript decorator
@inline function sub(a: v128, b: v128): v128 { return f32x4.sub(a, b); }
// @ts-expect-error: AssemblyScript decorator
@inline function times(k: f32, a: v128): v128 { return f32x4.mul(a, f32x4.splat(k)); }

/** Bᵀ: 5 to 5. */
// @ts-expect-error: AssemblyScript decorator
@inline
function inputLine(d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, to: usize, step: usize): void {
  const e = sub(d3, d1);
  v128.store(to, add(times(2, sub(d0, d2)), e));
  v128.store(to + step, sub(sub(e, d1), d2));
  v128.store(to + 2 * step, add(sub(times(2, d1), times(3, d2)), d3));
  v128.store(to + 3 * step, e);
  v128.store(to + 4 * step, add(sub(d4, d2), times(-2, e)));
}

/** G: 2 or 3 taps to 5. */
// @ts-expect-error: AssemblyScript decorator
@inline
function filterLine(r: i32, g0: v128, g1: v128, g2: v128, to: usize, step: usize): void {
  v128.store(to, times(0.5, g0));
  if (r == 2) {
    v128.store(to + step, times(-0.5, add(g0, g1)));
    v128.store(to + 2 * step, times(1.0 / 6, sub(g1, g0)));
    v128.store(to + 3 * step, times(1.0 / 6, add(g0, times(2, g1))));
    v128.store(to + 4 * step, g1);
  } else {
    const even = add(g0, g2);
    v128.store(to + step, times(-0.5, add(even, g1)));
    v128.store(to + 2 * step, times(1.0 / 6, sub(g1, even)));
    v128.store(to + 3 * step, times(1.0 / 6, add(g0, add(times(2, g1), times(4, g2)))));
    v128.store(to + 4 * step, g2);
  }
}

/** Aᵀ: 5 to 4 or 3. */
// @ts-expect-error: AssemblyScript decorator
@inline
function outputLine(m: i32, t0: v128, t1: v128, t2: v128, t3: v128, t4: v128, to: usize, step: usize): void {
  const even = add(t1, t2), odd = sub(t1, t2);
  v128.store(to, add(add(t0, even), t3));
  v128.store(to + step, add(odd, times(2, t3)));
  const third = add(even, times(4, t3));
  if (m == 3) {
    v128.store(to + 2 * step, add(third, t4));
  } else {
    v128.store(to + 2 * step, third);
    v128.store(to + 3 * step, add(add(odd, times(8, t3)), t4));
  }
}

/** A: 4 or 3 to 5. */
// @ts-expect-error: AssemblyScript decorator
@inline
function gradientLine(m: i32, d0: v128, d1: v128, d2: v128, d3: v128, to: usize, step: usize): void {
  const even = add(d0, d2);
  v128.store(to, d0);
  if (m == 3) {
    v128.store(to + step, add(even, d1));
    v128.store(to + 2 * step, sub(even, d1));
    v128.store(to + 3 * step, add(add(d0, times(2, d1)), times(4, d2)));
    v128.store(to + 4 * step, d2);
  } else {
    const odd = add(d1, d3);
    v128.store(to + step, add(even, odd));
    v128.store(to + 2 * step, sub(even, odd));
    v128.store(to + 3 * step, add(add(d0, times(4, d2)), add(times(2, d1), times(8, d3))));
    v128.store(to + 4 * step, d3);
  }
}

/** Gᵀ: 5 to 2 or 3 taps. */
// @ts-expect-error: AssemblyScript decorator
@inline
function tapsLine(r: i32, t0: v128, t1: v128, t2: v128, t3: v128, t4: v128, to: usize, step: usize): void {
  const half = times(-0.5, t1), sixth = times(1.0 / 6, t2), third = times(1.0 / 6, t3);
  const first = add(add(times(0.5, t0), half), sub(third, sixth));
  const second = add(add(half, sixth), times(2, third));
  v128.store(to, first);
  if (r == 2) {
    v128.store(to + step, add(second, t4));
  } else {
    v128.store(to + step, second);
    v128.store(to + 2 * step, add(add(sub(half, sixth), times(4, third)), t4));
  }
}

// --- pictures to matrices ---------------------------------------------------------------------------

/** Where a task keeps a tile half transformed, and the addresses of its pixels. */
// @ts-expect-error: AssemblyScript decorator
@inline function half(): usize { return scratch + SCRATCH_TABLE; }
// @ts-expect-error: AssemblyScript decorator
@inline function addresses(): usize { return scratch + SCRATCH_TABLE + 1024; }

// @ts-expect-error: AssemblyScript decorator
@inline
function pixelAt(list: usize, i: usize, offset: usize): v128 {
  return v128.load(<usize>load<u32>(list + (i << 2)) + offset);
}

function inputTask(i: i32): void {
  const list = addresses(), tile = half();
  tilePixels(argP(0), i, SIDE, ZEROS, list);
  const depth = <usize>arg(2) << 2;
  const pointBytes = <usize>tiles() * depth;
  let to = argP(1) + <usize>i * depth + (<usize>arg(3) << 2);
  const bytes = <usize>channels() << 2;
  for (let offset: usize = 0; offset < bytes; offset += VECTOR) {
    for (let c: usize = 0; c < <usize>SIDE; ++c) {
      inputLine(
        pixelAt(list, c, offset), pixelAt(list, c + 5, offset), pixelAt(list, c + 10, offset),
        pixelAt(list, c + 15, offset), pixelAt(list, c + 20, offset), tile + c * VECTOR, LINE,
      );
    }
    for (let r: usize = 0; r < <usize>SIDE; ++r) {
      const row = tile + r * LINE;
      inputLine(
        v128.load(row), v128.load(row, 16), v128.load(row, 32), v128.load(row, 48), v128.load(row, 64),
        to + r * 5 * pointBytes, pointBytes,
      );
    }
    to += VECTOR;
  }
}

/**
 * Bᵀ x B of the plane's tiles, for the `depth` columns of matrices `[25][tiles][depth]`, from column
 * `column` on.
 */
export function winogradInput(x: usize, matrices: usize, depth: i32, column: i32): void {
  setArg(0, <i32>x); setArg(1, <i32>matrices); setArg(2, depth); setArg(3, column);
  parallel(inputTask.index, tiles());
}

function gradientTask(i: i32): void {
  const m = size();
  const list = addresses(), tile = half();
  tilePixels(argP(0), i, m, ZEROS, list);
  const panelBytes = <usize>tiles() * 32;
  const pointBytes = packedBytes(tiles(), channels());
  const bytes = <usize>channels() << 2, row = <usize>m;
  const zero = f32x4.splat(0);
  for (let offset: usize = 0; offset < bytes; offset += VECTOR) {
    for (let c: usize = 0; c < row; ++c) {
      gradientLine(
        m, pixelAt(list, c, offset), pixelAt(list, c + row, offset), pixelAt(list, c + 2 * row, offset),
        m == 3 ? zero : pixelAt(list, c + 3 * row, offset), tile + c * VECTOR, LINE,
      );
    }
    // The second half of a panel of 8 columns lies 16 bytes on.
    const to = argP(1) + (offset >> 5) * panelBytes + (<usize>i << 5) + (offset & 16);
    for (let r: usize = 0; r < <usize>SIDE; ++r) {
      const line = tile + r * LINE;
      gradientLine(
        m, v128.load(line), v128.load(line, 16), v128.load(line, 32), v128.load(line, 48),
        to + r * 5 * pointBytes, pointBytes,
      );
    }
  }
}

/** A dy Aᵀ of the plane's tiles, as 25 packed matrices of `tiles` rows. */
export function winogradGradient(dy: usize, packed: usize): void {
  setArg(0, <i32>dy); setArg(1, <i32>packed);
  parallel(gradientTask.index, tiles());
}

// --- matrices to pictures ---------------------------------------------------------------------------

function outputTask(i: i32): void {
  const m = size();
  const list = addresses(), tile = half(), done = half() + 512;
  tilePixels(argP(1), i, m, 0, list);
  const bytes = <usize>channels() << 2;
  const pointBytes = <usize>tiles() * bytes;
  const bias = argP(2), act = arg(3), alpha = f32x4.splat(argF(4));
  const from = argP(0) + <usize>i * bytes;
  for (let offset: usize = 0; offset < bytes; offset += VECTOR) {
    for (let c: usize = 0; c < <usize>SIDE; ++c) {
      const p = from + c * pointBytes + offset;
      const down = 5 * pointBytes;
      outputLine(
        m, v128.load(p), v128.load(p + down), v128.load(p + 2 * down), v128.load(p + 3 * down),
        v128.load(p + 4 * down), tile + c * VECTOR, LINE,
      );
    }
    const shift = bias ? v128.load(bias + offset) : f32x4.splat(0);
    for (let r: usize = 0; r < <usize>m; ++r) {
      const row = tile + r * LINE;
      outputLine(
        m, v128.load(row), v128.load(row, 16), v128.load(row, 32), v128.load(row, 48), v128.load(row, 64),
        done, VECTOR,
      );
      for (let c: usize = 0; c < <usize>m; ++c) {
        const to = <usize>load<u32>(list + ((r * <usize>m + c) << 2));
        if (!to) continue;
        const value = add(v128.load(done + c * VECTOR), shift);
        v128.store(to + offset, act ? activate(value, act, alpha) : value);
      }
    }
  }
}

/** y = act(Aᵀ[products]A + bias) for the plane's tiles, from matrices `[25][tiles][channels]`. */
export function winogradOutput(products: usize, y: usize, bias: usize, act: i32, alpha: f32): void {
  setArg(0, <i32>products); setArg(1, <i32>y); setArg(2, <i32>bias); setArg(3, act); setArgF(4, alpha);
  parallel(outputTask.index, tiles());
}

// --- taps -------------------------------------------------------------------------------------------

const TAPS: usize = 32;

/**
 * The taps of a filter that the next job reads or writes, as r×r: that of row a and column b is
 * number start + a·down + b·across, or 0 if a or b is not below `rows` and `columns`.
 */
export function winogradTaps(r: i32, start: i32, down: i32, across: i32, rows: i32, columns: i32): void {
  setArg(TAPS, r); setArg(TAPS + 1, start); setArg(TAPS + 2, down); setArg(TAPS + 3, across);
  setArg(TAPS + 4, rows); setArg(TAPS + 5, columns);
}

/** Writes the addresses of the r×r taps to `list`; they lie `step` bytes apart, and those that are 0 nowhere. */
function tapAddresses(base: usize, step: usize, list: usize): void {
  const r = arg(TAPS);
  for (let a = 0; a < r; ++a) {
    for (let b = 0; b < r; ++b) {
      const tap = arg(TAPS + 1) + a * arg(TAPS + 2) + b * arg(TAPS + 3);
      const isThere = a < arg(TAPS + 4) && b < arg(TAPS + 5);
      store<u32>(list + (<usize>(a * r + b) << 2), isThere ? <u32>(base + <usize>tap * step) : 0);
    }
  }
}

/** What lies at an address of a tap, or 0. */
// @ts-expect-error: AssemblyScript decorator
@inline
function tapOr(list: usize, i: i32, offset: usize): v128 {
  const at = <usize>load<u32>(list + (<usize>i << 2));
  return at ? v128.load(at + offset) : f32x4.splat(0);
}

const ROWS_PER_TASK: i32 = 32;

function filterTask(i: i32): void {
  const r = arg(TAPS);
  const depth = arg(3), rows = arg(4), panels = arg(6);
  const chunks = (depth + ROWS_PER_TASK - 1) / ROWS_PER_TASK;
  const panel = <usize>(i / chunks);
  const first = (i % chunks) * ROWS_PER_TASK;
  const last = min(depth, first + ROWS_PER_TASK);
  const source = argP(0) + panel * argP(2);
  const pointBytes = <usize>panels * <usize>rows * 32;
  let to = argP(1) + panel * <usize>rows * 32 + (<usize>(arg(5) + first) << 5);
  const list = addresses(), tile = half();
  tapAddresses(source, <usize>depth * 32, list);
  const zero = f32x4.splat(0);
  for (let k = first; k < last; ++k) {
    for (let side: usize = 0; side < 32; side += 16) {
      const offset = (<usize>k << 5) + side;
      for (let b = 0; b < r; ++b) {
        const g0 = tapOr(list, b, offset), g1 = tapOr(list, r + b, offset);
        const g2 = r == 3 ? tapOr(list, 6 + b, offset) : zero;
        filterLine(r, g0, g1, g2, tile + <usize>b * VECTOR, LINE);
      }
      for (let j: usize = 0; j < <usize>SIDE; ++j) {
        const row = tile + j * LINE;
        filterLine(
          r, v128.load(row), v128.load(row, 16), r == 3 ? v128.load(row, 32) : zero,
          to + side + j * 5 * pointBytes, pointBytes,
        );
      }
    }
    to += 32;
  }
}

/**
 * G w Gᵀ of packed taps, each of `depth` rows, for `depth` of the `rows` rows of 25 packed matrices,
 * from row `row` on. `panelBytes` lie between panels of the packed taps.
 */
export function winogradFilter(
  packed: usize, matrices: usize, panelBytes: i32, depth: i32, rows: i32, row: i32, columns: i32,
): void {
  const panels = (columns + 7) / 8;
  setArg(0, <i32>packed); setArg(1, <i32>matrices); setArg(2, panelBytes); setArg(3, depth);
  setArg(4, rows); setArg(5, row); setArg(6, panels);
  parallel(filterTask.index, panels * ((depth + ROWS_PER_TASK - 1) / ROWS_PER_TASK));
}

function filterGradientTask(i: i32): void {
  const r = arg(TAPS);
  const inputs = arg(2), rows = arg(3), outputs = arg(5);
  const pointBytes = <usize>rows * <usize>outputs << 2;
  const from = argP(0) + (<usize>(arg(4) + i) * <usize>outputs << 2);
  const list = addresses(), tile = half(), done = half() + 512;
  const bytes = <usize>outputs << 2;
  tapAddresses(argP(1) + <usize>i * bytes, <usize>inputs * bytes, list);
  const down = 5 * pointBytes;
  for (let offset: usize = 0; offset < bytes; offset += VECTOR) {
    for (let c: usize = 0; c < <usize>SIDE; ++c) {
      const p = from + c * pointBytes + offset;
      tapsLine(
        r, v128.load(p), v128.load(p + down), v128.load(p + 2 * down), v128.load(p + 3 * down),
        v128.load(p + 4 * down), tile + c * VECTOR, LINE,
      );
    }
    for (let a: usize = 0; a < <usize>r; ++a) {
      const row = tile + a * LINE;
      tapsLine(
        r, v128.load(row), v128.load(row, 16), v128.load(row, 32), v128.load(row, 48), v128.load(row, 64),
        done, VECTOR,
      );
      for (let b: usize = 0; b < <usize>r; ++b) {
        const to = <usize>load<u32>(list + ((a * <usize>r + b) << 2));
        if (to) v128.store(to + offset, v128.load(done + b * VECTOR));
      }
    }
  }
}

/**
 * dw = Gᵀ[products]G for a filter `[taps][inputs][outputs]`, from `inputs` of the `rows` rows of 25
 * matrices of `outputs` columns, from row `row` on.
 */
export function winogradFilterGradient(
  products: usize, dw: usize, inputs: i32, rows: i32, row: i32, outputs: i32,
): void {
  setArg(0, <i32>products); setArg(1, <i32>dw); setArg(2, inputs); setArg(3, rows); setArg(4, row);
  setArg(5, outputs);
  parallel(filterGradientTask.index, inputs);
}
