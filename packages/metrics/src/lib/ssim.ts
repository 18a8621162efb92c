import type { Picture } from '@ganloom/images';
import { lumas, type Plane } from './luma';
import type { PictureQualityOptions } from './psnr';

const WINDOW = 11;
const SIGMA = 1.5;
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

/**
 * The structural similarity of two pictures on the luma Y, at most 1: the mean of
 *
 * (2μₓμᵧ + C₁)(2σₓᵧ + C₂) / ((μₓ² + μᵧ² + C₁)(σₓ² + σᵧ² + C₂))
 *
 * with means and covariances under an 11×11 Gaussian window of σ = 1.5, where the window lies within
 * the picture, C₁ = (0.01·255)², C₂ = (0.03·255)².
 *
 * Wang et al. 2004, "Image quality assessment: from error visibility to structural similarity".
 *
 * @throws UsageError if the sizes differ, or less than a window is left within the border.
 */
export function ssim(a: Picture, b: Picture, { border = 0 }: PictureQualityOptions = {}): number {
  const [x, y] = lumas('ssim', a, b, border, WINDOW);
  const mx = blur(x);
  const my = blur(y);
  const mxx = blur(product(x, x));
  const myy = blur(product(y, y));
  const mxy = blur(product(x, y));
  let sum = 0;
  for (let i = 0; i < mx.data.length; i++) {
    const ux = mx.data[i]!;
    const uy = my.data[i]!;
    const covariance = mxy.data[i]! - ux * uy;
    const variances = mxx.data[i]! - ux * ux + (myy.data[i]! - uy * uy);
    const luminance = (2 * ux * uy + C1) / (ux * ux + uy * uy + C1);
    sum += (luminance * (2 * covariance + C2)) / (variances + C2);
  }
  return sum / mx.data.length;
}

const KERNEL = gaussian();

function gaussian(): Float64Array {
  const middle = (WINDOW - 1) / 2;
  const weights = Float64Array.from({ length: WINDOW }, (_, i) =>
    Math.exp(-((i - middle) ** 2) / (2 * SIGMA ** 2)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

function product(a: Plane, b: Plane): Plane {
  return { ...a, data: a.data.map((value, i) => value * b.data[i]!) };
}

/** Rows, then columns, where the window lies within the plane. */
function blur({ data, height, width }: Plane): Plane {
  const columns = width - WINDOW + 1;
  const across = new Float64Array(height * columns);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < columns; x++) {
      let sum = 0;
      for (let k = 0; k < WINDOW; k++) sum += KERNEL[k]! * data[y * width + x + k]!;
      across[y * columns + x] = sum;
    }
  }
  const rows = height - WINDOW + 1;
  const down = new Float64Array(rows * columns);
  for (let y = 0; y < rows; y++) {
    for (let k = 0; k < WINDOW; k++) {
      const weight = KERNEL[k]!;
      const from = (y + k) * columns;
      for (let x = 0; x < columns; x++) down[y * columns + x]! += weight * across[from + x]!;
    }
  }
  return { data: down, height: rows, width: columns };
}
