import type { Pictures } from '@ganloom/images';
import type { Scalars } from './events';
import { meanSquare, pictureVectors } from './picture-vectors';

/** How different pictures are from each other, in units of 0–255. */
export interface PictureDiversity {
  /** √ of the variance of a pixel's value from picture to picture, averaged over the pixels. */
  readonly spread: number;
  /** Root mean square distance of a picture from the one most like it, averaged over the pictures. */
  readonly nearest: number;
}

/**
 * Tells whether a generator still draws different things. All pictures alike have no spread; a few
 * alike again and again have spread, but each has another that is almost the same.
 *
 * spread = √ meanₚ Varₙ xₙₚ,  nearest = meanₙ min_{m≠n} √ meanₚ (xₙₚ − xₘₚ)²
 *
 * Of a single picture, as a game may draw of all its samples, there is none.
 */
export function pictureDiversity(of: Pictures): PictureDiversity | undefined {
  const [count] = of.shape;
  if (count < 2) return undefined;
  const pictures = pictureVectors(of);
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
