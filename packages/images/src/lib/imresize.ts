import { requireCounts, requireNumbers } from '@ganloom/core';
import type { Picture } from './picture';

/** What {@link imresize} makes: a factor for both sides, or a size. */
export type ImresizeTarget = number | { readonly height: number; readonly width: number };

/** For each position of one axis of the result, where it reads and how much of it. */
interface Taps {
  /** Readings per position. */
  readonly count: number;
  /** `[positions, count]` */
  readonly indices: Int32Array;
  readonly weights: Float64Array;
}

/** Settings of {@link imresize}. */
export interface ImresizeOptions {
  /**
   * Round between the two passes, as MATLAB does for uint8 pictures (default), or not, as it does for
   * those that `im2double` made. Published bicubic baselines are of the second kind.
   */
  readonly roundBetween?: boolean;
}

/** A picture while it is resized. */
interface Plane {
  readonly data: Uint8Array | Float64Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * MATLAB's `imresize` with its default method, bicubic, on 8-bit pictures.
 *
 * The result at x is Σᵢ k(u − i)·pixel(i) / Σᵢ k(u − i) with u = (x + ½)/scale − ½, one axis after
 * the other, the one that shrinks more first. k is Keys' cubic (1981) with a = −½; when shrinking it
 * is widened by 1/scale, which keeps detail from aliasing. Beyond its borders the picture is mirrored,
 * the border pixel included (older MATLABs repeat that pixel instead).
 *
 * Super-resolution papers make their low-resolution pictures with it; other bicubics (canvas, sharp,
 * Pillow) differ by enough to change the measured PSNR.
 *
 * @param target a factor, which makes sides of ⌈factor·side⌉ pixels, or the size of the result.
 * @throws UsageError if the factor is not above 0, or a side is no positive integer.
 */
export function imresize(
  picture: Picture,
  target: ImresizeTarget,
  { roundBetween = true }: ImresizeOptions = {},
): Picture {
  const size = typeof target === 'number' ? scaled(picture, target) : target;
  requireCounts('imresize', { height: size.height, width: size.width });
  const scaleOf = (from: number, to: number) => (typeof target === 'number' ? target : to / from);
  const vertical = scaleOf(picture.height, size.height);
  const horizontal = scaleOf(picture.width, size.width);
  const rows = (p: Plane) => resizeRows(p, size.height, vertical);
  const columns = (p: Plane) => resizeColumns(p, size.width, horizontal);
  const [first, second] = vertical <= horizontal ? [rows, columns] : [columns, rows];
  const between = first(picture);
  return toBytes(second(roundBetween ? toBytes(between) : between));
}

function scaled({ height, width }: Picture, factor: number) {
  requireNumbers('imresize', { factor }, { above: 0 });
  return { height: Math.ceil(height * factor), width: Math.ceil(width * factor) };
}

/** Keys' cubic convolution kernel with a = −½. */
function cubic(x: number): number {
  const t = Math.abs(x);
  if (t <= 1) return 1.5 * t ** 3 - 2.5 * t ** 2 + 1;
  return t <= 2 ? -0.5 * t ** 3 + 2.5 * t ** 2 - 4 * t + 2 : 0;
}

function tapsOf(from: number, to: number, scale: number): Taps {
  const sharpness = Math.min(scale, 1);
  const width = 4 / sharpness;
  const count = Math.ceil(width) + 2;
  const indices = new Int32Array(to * count);
  const weights = new Float64Array(to * count);
  for (let x = 0; x < to; x++) {
    // As MATLAB orders the terms, but counting from 0.
    const u = (x + 1) / scale + 0.5 * (1 - 1 / scale) - 1;
    const left = Math.floor(u - width / 2);
    const own = weights.subarray(x * count, (x + 1) * count);
    let sum = 0;
    for (let t = 0; t < count; t++) {
      indices[x * count + t] = mirrored(left + t, from);
      own[t] = sharpness * cubic(sharpness * (u - left - t));
      sum += own[t]!;
    }
    for (let t = 0; t < count; t++) own[t]! /= sum;
  }
  return { count, indices, weights };
}

/** … 1 0 | 0 1 … n−1 | n−1 n−2 … */
function mirrored(index: number, size: number): number {
  const period = 2 * size;
  const at = ((index % period) + period) % period;
  return at < size ? at : period - 1 - at;
}

function resizeRows({ data, width, channels, ...from }: Plane, height: number, scale: number) {
  const { count, indices, weights } = tapsOf(from.height, height, scale);
  const stride = width * channels;
  const out = new Float64Array(height * stride);
  for (let y = 0; y < height; y++) {
    const sums = out.subarray(y * stride, (y + 1) * stride);
    for (let t = y * count; t < (y + 1) * count; t++) {
      const weight = weights[t]!;
      if (weight === 0) continue;
      const row = indices[t]! * stride;
      for (let i = 0; i < stride; i++) sums[i]! += weight * data[row + i]!;
    }
  }
  return { data: out, height, width, channels };
}

function resizeColumns({ data, height, channels, ...from }: Plane, width: number, scale: number) {
  const { count, indices, weights } = tapsOf(from.width, width, scale);
  const out = new Float64Array(height * width * channels);
  for (let y = 0; y < height; y++) {
    const row = y * from.width;
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let t = x * count; t < (x + 1) * count; t++) {
          sum += weights[t]! * data[(row + indices[t]!) * channels + c]!;
        }
        out[(y * width + x) * channels + c] = sum;
      }
    }
  }
  return { data: out, height, width, channels };
}

function toBytes({ data, ...shape }: Plane): Picture {
  const bytes = Uint8Array.from(data, (v) => Math.min(255, Math.max(0, Math.floor(v + 0.5))));
  return { data: bytes, ...shape };
}
