// Convolutions, NHWC and HWIO, as matrix products whose A is read through one address per pixel and
// tap: no im2col matrix is made. With few input channels an explicit im2col matrix is cheaper, as
// the inner loop over channels would be too short; the caller chooses.
import {
  batch, bigC, bigH, bigW, dilationH, dilationW, kernelH, kernelW, padLeft, padTop, smallC, smallH, smallW,
  strideH, strideW,
} from './geometry';
import { arg, argF, argP, scratch, setArg, setArgF, SCRATCH_TABLE, SCRATCH_TABLE_BYTES, ZEROS } from './layout';
import {
  columnTiles, FEW_ROWS, KC, MC, MR, NR, packPanel, panelsPerTask, rowTiles, takesPlain,
} from './gemm';
import { parallel } from './pool';

/** Rows per task such that their addresses fit the table in scratch memory. */
function rowsPerTask(taps: i32, most: i32 = MC): i32 {
  const fit = <i32>((SCRATCH_TABLE_BYTES - 1024) / (<usize>(taps + 1) << 2));
  return min(most, fit & ~3);
}

// @ts-expect-error: AssemblyScript decorator
@inline
function bigPixel(x: usize, n: i32, h: i32, w: i32, rowBytes: usize): usize {
  if (<u32>h >= <u32>bigH() || <u32>w >= <u32>bigW()) return ZEROS;
  return x + <usize>((n * bigH() + h) * bigW() + w) * rowBytes;
}

// --- small = big * filter -----------------------------------------------------------------------

function forwardTask(i: i32): void {
  const x = argP(0), b = argP(1), y = argP(2), bias = argP(3);
  const m = batch() * smallH() * smallW(), n = smallC();
  const panels = (n + NR - 1) / NR;
  const perTask = arg(6);
  const perRows = arg(7);
  const groups = (panels + perTask - 1) / perTask;
  const row0 = (i / groups) * perRows;
  const panel0 = (i % groups) * perTask;
  const taps = kernelH() * kernelW();
  const count = min(perRows, m - row0);
  const blocks = (count + MR - 1) / MR;
  const rows = scratch + SCRATCH_TABLE;
  const cs = rows + (<usize>(perRows * taps) << 2);
  const pixelBytes = <usize>bigC() << 2;
  for (let r = 0; r < blocks * MR; ++r) {
    const row = min(row0 + r, m - 1);
    const ow = row % smallW(), rest = row / smallW();
    const oh = rest % smallH(), image = rest / smallH();
    const h0 = oh * strideH() - padTop(), w0 = ow * strideW() - padLeft();
    let to = rows + (<usize>(r / MR) * <usize>taps << 4) + (<usize>(r % MR) << 2);
    for (let kh = 0; kh < kernelH(); ++kh) {
      for (let kw = 0; kw < kernelW(); ++kw) {
        store<u32>(to, <u32>bigPixel(x, image, h0 + kh * dilationH(), w0 + kw * dilationW(), pixelBytes));
        to += 16;
      }
    }
    store<u32>(cs + (<usize>r << 2), <u32>(y + (<usize>row * <usize>n << 2)));
  }
  rowTiles(
    blocks, rows, taps, bigC(), b, arg(8), 1, n, cs, bias, arg(4), argF(5), panel0, min(panels, panel0 + perTask),
  );
}

/** y = act(x * filter + bias); the filter is B[taps·bigC][smallC], packed unless `takesPlain(pixels of y)`. */
export function convForward(x: usize, b: usize, y: usize, bias: usize, act: i32, alpha: f32): void {
  setArg(0, <i32>x); setArg(1, <i32>b); setArg(2, <i32>y); setArg(3, <i32>bias);
  setArg(4, act); setArgF(5, alpha);
  const pixels = batch() * smallH() * smallW();
  const isPlain = takesPlain(pixels);
  const perRows = rowsPerTask(kernelH() * kernelW(), isPlain ? FEW_ROWS : MC);
  const rowTasks = (pixels + perRows - 1) / perRows;
  const panels = (smallC() + NR - 1) / NR;
  const perTask = panelsPerTask(rowTasks, panels);
  setArg(6, perTask); setArg(7, perRows); setArg(8, isPlain ? smallC() : 0);
  parallel(forwardTask.index, rowTasks * ((panels + perTask - 1) / perTask));
}

// --- big = small * filterᵀ ----------------------------------------------------------------------
// The big pixels are taken by phase, that is, by row and column modulo the strides: all pixels of a
// phase see the same taps, so each phase is a convolution of its own and no product is with zero.

/** The first tap along one axis that pixels of `phase` see; the next ones follow by `tapStep`. */
// @ts-expect-error: AssemblyScript decorator
@inline
function seesTap(phase: i32, pad: i32, k: i32, dilation: i32, stride: i32): bool {
  return (phase + pad - k * dilation) % stride == 0;
}

function tapsOfPhase(phase: i32, pad: i32, kernel: i32, dilation: i32, stride: i32): i32 {
  let taps = 0;
  for (let k = 0; k < kernel; ++k) taps += i32(seesTap(phase, pad, k, dilation, stride));
  return taps;
}

function packTransposedTask(i: i32): void {
  // Task: one panel of one tap. Every tap belongs to exactly one phase (or to none, if it only meets
  // padding); phases follow each other, and within a phase a panel holds all its taps.
  const filter = argP(0), dst = argP(1);
  const panels = (bigC() + NR - 1) / NR;
  const p = i % panels, tap = i / panels;
  const kh = tap / kernelW(), kw = tap % kernelW();
  const depth = smallC();
  let offset: usize = 0;
  for (let ph = 0; ph < strideH(); ++ph) {
    const tapsH = tapsOfPhase(ph, padTop(), kernelH(), dilationH(), strideH());
    for (let pw = 0; pw < strideW(); ++pw) {
      const tapsW = tapsOfPhase(pw, padLeft(), kernelW(), dilationW(), strideW());
      if (
        seesTap(ph, padTop(), kh, dilationH(), strideH()) &&
        seesTap(pw, padLeft(), kw, dilationW(), strideW())
      ) {
        let before = 0;
        for (let k = 0; k < kh; ++k) before += i32(seesTap(ph, padTop(), k, dilationH(), strideH()));
        let beforeW = 0;
        for (let k = 0; k < kw; ++k) beforeW += i32(seesTap(pw, padLeft(), k, dilationW(), strideW()));
        const place = before * tapsW + beforeW;
        const panelBytes = <usize>(tapsH * tapsW) * <usize>depth * 32;
        const to = dst + offset + <usize>p * panelBytes + <usize>place * <usize>depth * 32;
        const n = min(NR, bigC() - p * NR);
        const from = filter + (<usize>(tap * bigC() + p * NR) * <usize>depth << 2);
        packPanel(to, from, depth, n, 1, depth, 0);
      }
      offset += <usize>(tapsH * tapsW) * <usize>depth * <usize>panels * 32;
    }
  }
}

/** Packs the filter for `convBackwardInput`: taps·smallC·(bigC in panels of 8) floats. */
export function packTransposedFilter(filter: usize, dst: usize): void {
  setArg(0, <i32>filter); setArg(1, <i32>dst);
  parallel(packTransposedTask.index, kernelH() * kernelW() * ((bigC() + NR - 1) / NR));
}

function backwardInputTask(i: i32): void {
  const dy = argP(0), packed = argP(1), dx = argP(2), bias = argP(3);
  const n = bigC(), depth = smallC();
  const panels = (n + NR - 1) / NR;
  const perTask = arg(6), perRows = arg(7);
  const groups = (panels + perTask - 1) / perTask;
  const panel0 = (i % groups) * perTask;
  let chunk = i / groups;
  let offset: usize = 0;
  // Find the phase of this task.
  let ph = 0, pw = 0, rowsH = 0, rowsW = 0, tapsH = 0, tapsW = 0;
  for (let phase = 0; ; ++phase) {
    ph = phase / strideW();
    pw = phase % strideW();
    rowsH = (bigH() - ph + strideH() - 1) / strideH();
    rowsW = (bigW() - pw + strideW() - 1) / strideW();
    tapsH = tapsOfPhase(ph, padTop(), kernelH(), dilationH(), strideH());
    tapsW = tapsOfPhase(pw, padLeft(), kernelW(), dilationW(), strideW());
    const chunks = (batch() * rowsH * rowsW + perRows - 1) / perRows;
    if (chunk < chunks) break;
    chunk -= chunks;
    offset += <usize>(tapsH * tapsW) * <usize>depth * <usize>panels * 32;
  }
  const m = batch() * rowsH * rowsW;
  const row0 = chunk * perRows;
  const count = min(perRows, m - row0);
  const blocks = (count + MR - 1) / MR;
  const taps = tapsH * tapsW;
  const rows = scratch + SCRATCH_TABLE;
  const cs = rows + (<usize>(perRows * kernelH() * kernelW()) << 2);
  const pixelBytes = <usize>depth << 2;
  for (let r = 0; r < blocks * MR; ++r) {
    const row = min(row0 + r, m - 1);
    const w = pw + (row % rowsW) * strideW(), rest = row / rowsW;
    const h = ph + (rest % rowsH) * strideH(), image = rest / rowsH;
    let to = rows + (<usize>(r / MR) * <usize>taps << 4) + (<usize>(r % MR) << 2);
    for (let kh = 0; kh < kernelH(); ++kh) {
      if (!seesTap(ph, padTop(), kh, dilationH(), strideH())) continue;
      const oh = (h + padTop() - kh * dilationH()) / strideH();
      const inside = h + padTop() - kh * dilationH() >= 0 && oh < smallH();
      for (let kw = 0; kw < kernelW(); ++kw) {
        if (!seesTap(pw, padLeft(), kw, dilationW(), strideW())) continue;
        const left = w + padLeft() - kw * dilationW();
        const ow = left / strideW();
        const address = inside && left >= 0 && ow < smallW()
          ? dy + <usize>((image * smallH() + oh) * smallW() + ow) * pixelBytes
          : ZEROS;
        store<u32>(to, <u32>address);
        to += 16;
      }
    }
    const pixel = <usize>((image * bigH() + h) * bigW() + w);
    store<u32>(cs + (<usize>r << 2), <u32>(dx + (pixel * <usize>n << 2)));
  }
  const panel1 = min(panels, panel0 + perTask);
  if (taps == 0) {
    // No tap reaches this phase (stride larger than the kernel): only the bias is left.
    store<u32>(rows, <u32>ZEROS); store<u32>(rows, <u32>ZEROS, 4);
    store<u32>(rows, <u32>ZEROS, 8); store<u32>(rows, <u32>ZEROS, 12);
    for (let block = 0; block < blocks; ++block) {
      rowTiles(1, rows, 1, 1, ZEROS, 0, 0, n, cs + (<usize>block << 4), bias, arg(4), argF(5), panel0, panel1);
    }
    return;
  }
  rowTiles(blocks, rows, taps, depth, packed + offset, 0, 0, n, cs, bias, arg(4), argF(5), panel0, panel1);
}

/** dx = dy * filterᵀ (+ bias, activation: the forward pass of a transposed convolution). */
export function convBackwardInput(dy: usize, packed: usize, dx: usize, bias: usize, act: i32, alpha: f32): void {
  setArg(0, <i32>dy); setArg(1, <i32>packed); setArg(2, <i32>dx); setArg(3, <i32>bias);
  setArg(4, act); setArgF(5, alpha);
  const perRows = rowsPerTask(kernelH() * kernelW());
  let chunks = 0;
  for (let ph = 0; ph < strideH(); ++ph) {
    for (let pw = 0; pw < strideW(); ++pw) {
      const rowsH = (bigH() - ph + strideH() - 1) / strideH();
      const rowsW = (bigW() - pw + strideW() - 1) / strideW();
      chunks += (batch() * rowsH * rowsW + perRows - 1) / perRows;
    }
  }
  const panels = (bigC() + NR - 1) / NR;
  const perTask = panelsPerTask(chunks, panels);
  setArg(6, perTask); setArg(7, perRows);
  parallel(backwardInputTask.index, chunks * ((panels + perTask - 1) / perTask));
}

// --- filter = bigᵀ * small ----------------------------------------------------------------------

function backwardFilterTask(i: i32): void {
  const x = argP(0), b = argP(1), dw = argP(2);
  const m = batch() * smallH() * smallW(), n = smallC(), c = bigC();
  const panels = (n + NR - 1) / NR;
  const perTask = arg(6);
  const groups = (panels + perTask - 1) / perTask;
  const panel0 = (i % groups) * perTask;
  const panel1 = min(panels, panel0 + perTask);
  const rest = i / groups;
  const channelTasks = (c + MC - 1) / MC;
  const channel0 = (rest % channelTasks) * MC;
  const tap = rest / channelTasks;
  const kh = tap / kernelW(), kw = tap % kernelW();
  const list = scratch + SCRATCH_TABLE;
  const count = min(MC, c - channel0);
  const pixelBytes = <usize>c << 2;
  const out = dw + (<usize>(tap * c + channel0) * <usize>n << 2);
  for (let k0 = 0; k0 < m; k0 += KC) {
    const depth = min(KC, m - k0);
    let ow = k0 % smallW(), oh = (k0 / smallW()) % smallH(), image = k0 / (smallW() * smallH());
    for (let j = 0; j < depth; ++j) {
      const h = oh * strideH() - padTop() + kh * dilationH();
      const w = ow * strideW() - padLeft() + kw * dilationW();
      store<u32>(list + (<usize>j << 2), <u32>bigPixel(x, image, h, w, pixelBytes));
      if (++ow == smallW()) {
        ow = 0;
        if (++oh == smallH()) {
          oh = 0;
          ++image;
        }
      }
    }
    columnTiles(
      list, depth, <usize>channel0 << 2, count, b + (<usize>k0 << 5), <usize>m << 5, n,
      out, <usize>n << 2, k0 == 0, panel0, panel1,
    );
  }
}

/** dw = xᵀ * dy with dy packed as B[pixels][smallC]. */
export function convBackwardFilter(x: usize, b: usize, dw: usize): void {
  setArg(0, <i32>x); setArg(1, <i32>b); setArg(2, <i32>dw);
  const tasks = kernelH() * kernelW() * ((bigC() + MC - 1) / MC);
  const panels = (smallC() + NR - 1) / NR;
  const perTask = panelsPerTask(tasks, panels);
  setArg(6, perTask);
  parallel(backwardFilterTask.index, tasks * ((panels + perTask - 1) / perTask));
}

// --- im2col for few channels --------------------------------------------------------------------

function im2colTask(image: i32): void {
  const x = argP(0);
  const c = bigC();
  const rowBytes = <usize>(kernelH() * kernelW() * c) << 2;
  let to = argP(1) + <usize>(image * smallH() * smallW()) * rowBytes;
  for (let oh = 0; oh < smallH(); ++oh) {
    for (let ow = 0; ow < smallW(); ++ow) {
      for (let kh = 0; kh < kernelH(); ++kh) {
        const h = oh * strideH() - padTop() + kh * dilationH();
        for (let kw = 0; kw < kernelW(); ++kw) {
          const w = ow * strideW() - padLeft() + kw * dilationW();
          let from = bigPixel(x, image, h, w, <usize>c << 2);
          for (let ci = 0; ci < c; ++ci) {
            store<f32>(to, load<f32>(from));
            from += 4;
            to += 4;
          }
        }
      }
    }
  }
}

/** columns[batch·smallH·smallW][taps·bigC] from x. */
export function im2col(x: usize, columns: usize): void {
  setArg(0, <i32>x); setArg(1, <i32>columns);
  parallel(im2colTask.index, batch());
}

function col2imTask(image: i32): void {
  const c = bigC();
  const rowBytes = <usize>(kernelH() * kernelW() * c) << 2;
  const columns = argP(0) + <usize>(image * smallH() * smallW()) * rowBytes;
  const bias = argP(2);
  let to = argP(1) + (<usize>(image * bigH() * bigW() * c) << 2);
  for (let h = 0; h < bigH(); ++h) {
    for (let w = 0; w < bigW(); ++w) {
      for (let ci = 0; ci < c; ++ci) {
        store<f32>(to + (<usize>ci << 2), bias ? load<f32>(bias + (<usize>ci << 2)) : 0);
      }
      for (let kh = 0; kh < kernelH(); ++kh) {
        const top = h + padTop() - kh * dilationH();
        if (top < 0) break;
        if (top % strideH() != 0) continue;
        const oh = top / strideH();
        if (oh >= smallH()) continue;
        for (let kw = 0; kw < kernelW(); ++kw) {
          const left = w + padLeft() - kw * dilationW();
          if (left < 0) break;
          if (left % strideW() != 0) continue;
          const ow = left / strideW();
          if (ow >= smallW()) continue;
          const from = columns + <usize>(oh * smallW() + ow) * rowBytes + (<usize>((kh * kernelW() + kw) * c) << 2);
          for (let ci: usize = 0; ci < <usize>c; ++ci) {
            store<f32>(to + (ci << 2), load<f32>(to + (ci << 2)) + load<f32>(from + (ci << 2)));
          }
        }
      }
      to += <usize>c << 2;
    }
  }
}

/** dx[…] = bias + Σ of the columns that saw each pixel, in a fixed order. */
export function col2im(columns: usize, dx: usize, bias: usize): void {
  setArg(0, <i32>columns); setArg(1, <i32>dx); setArg(2, <i32>bias);
  parallel(col2imTask.index, batch());
}
