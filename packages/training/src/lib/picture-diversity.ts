import type { Pictures } from '@ganloom/images';
import type { Scalars } from './events';

/** How different pictures are from each other, in units of 0–255. */
export interface PictureDiversity {
  /** √ of the variance of a pixel's value from picture to picture, averaged over the pixels. */
  readonly spread: number;
  /** Root mean square distance of a picture from the one most like it, averaged over the pictures. */
  readonly nearest: number;
}

// Values of each picture that are looked at: all of a digit's, evenly spaced ones of a photograph's.
const MOST_VALUES = 1024;

/**
 * Tells whether a generator still draws different things. All pictures alike have no spread; a few
 * alike again and again have spread, but each has another that is almost the same.
 *
 * spread = √ meanₚ Varₙ xₙₚ,  nearest = meanₙ min_{m≠n} √ meanₚ (xₙₚ − xₘₚ)²
 *
 * Of a single picture, as a game may draw of all its samples, there is none.
 */
export function pictureDiversity({ data, shape }: Pictures): PictureDiversity | undefined {
  const [count, height, width, channels] = shape;
  if (count < 2) return undefined;
  const size = height * width * channels;
  const values = Math.min(size, MOST_VALUES);
  const pictures = Array.from({ length: count }, (_, n) =>
    Float64Array.from(
      { length: values },
      (__, i) => data[n * size + Math.floor((i * size) / values)]!,
    ),
  );
  const nearest = new Float64Array(count).fill(Infinity);
  let sum = 0;
  for (let n = 0; n < count; n++) {
    for (let m = 0; m < n; m++) {
      const distance = meanSquare(pictures[n]!, pictures[m]!);
      nearest[n] = Math.min(nearest[n]!, distance);
      nearest[m] = Math.min(nearest[m]!, distance);
      sum += distance;
    }
  }
  return {
    // The sum over all pairs of squared differences is count² times the variance.
    spread: Math.sqrt(sum) / count,
    nearest: nearest.reduce((all, one) => all + Math.sqrt(one), 0) / count,
  };
}

/** The diversity of samples as shares of that of real pictures, where there are any that differ. */
export function compareDiversity(
  fake: PictureDiversity | undefined,
  real: PictureDiversity | undefined,
): Scalars {
  if (!fake || !real) return {};
  return {
    ...(real.spread > 0 && { pixelDiversity: fake.spread / real.spread }),
    ...(real.nearest > 0 && { nearestDistance: fake.nearest / real.nearest }),
  };
}

function meanSquare(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum / a.length;
}
