import type { Picture } from '@ganloom/images';
import { lumas } from './luma';

/** Settings of {@link psnr} and {@link ssim}. */
export interface PictureQualityOptions {
  /**
   * Pixels along each side that do not count; default 0. Super-resolution papers leave out as many as
   * the scale, where the network had nothing to look at.
   */
  readonly border?: number;
}

/**
 * The peak signal-to-noise ratio of two pictures in decibels, on the luma Y: 10·log₁₀(255² / MSE).
 *
 * Infinite for equal pictures.
 *
 * @throws UsageError if the sizes differ, or the border leaves nothing.
 */
export function psnr(a: Picture, b: Picture, { border = 0 }: PictureQualityOptions = {}): number {
  const [x, y] = lumas('psnr', a, b, border, 1);
  let sum = 0;
  for (let i = 0; i < x.data.length; i++) sum += (x.data[i]! - y.data[i]!) ** 2;
  return 10 * Math.log10(255 ** 2 / (sum / x.data.length));
}
