import { requireIntegers, usageError } from '@ganloom/core';
import type { Picture } from '@ganloom/images';

/** One value per pixel, row-major. */
export interface Plane {
  readonly data: Float64Array;
  readonly height: number;
  readonly width: number;
}

/**
 * The luma of a picture: Y = 16 + (65.481·R + 128.553·G + 24.966·B)/255 by BT.601, from 16 to 235, as
 * MATLAB's `rgb2ycbcr` has it but without rounding; grey pictures are their own.
 *
 * @throws UsageError if the picture has other than 1 or 3 channels.
 */
export function luma({ data, height, width, channels }: Picture): Plane {
  if (channels !== 1 && channels !== 3) {
    throw usageError('luma', 'a picture must have 1 or 3 channels', channels, 'remove alpha');
  }
  const values = new Float64Array(height * width);
  for (let i = 0; i < values.length; i++) {
    const at = i * channels;
    values[i] =
      channels === 1
        ? data[at]!
        : 16 + (65.481 * data[at]! + 128.553 * data[at + 1]! + 24.966 * data[at + 2]!) / 255;
  }
  return { data: values, height, width };
}

/**
 * The luma of two pictures of one size, without `border` pixels along each side.
 *
 * @throws UsageError if the sizes differ, or less than `least` pixels a side would be left.
 */
export function lumas(where: string, a: Picture, b: Picture, border: number, least: number) {
  const sizes = [a, b].map(({ height, width, channels }) => `${height}×${width}×${channels}`);
  if (sizes[0] !== sizes[1]) {
    throw usageError(where, `pictures must be of one size, ${sizes[0]}`, sizes[1]!);
  }
  requireIntegers(where, { border }, { min: 0 });
  if (Math.min(a.height, a.width) - 2 * border < least) {
    throw usageError(where, `border must leave ${least}×${least} pixels of ${sizes[0]}`, border);
  }
  return [cut(luma(a), border), cut(luma(b), border)] as const;
}

function cut({ data, height, width }: Plane, border: number): Plane {
  const rows = height - 2 * border;
  const columns = width - 2 * border;
  const inner = new Float64Array(rows * columns);
  for (let y = 0; y < rows; y++) {
    const from = (y + border) * width + border;
    inner.set(data.subarray(from, from + columns), y * columns);
  }
  return { data: inner, height: rows, width: columns };
}
