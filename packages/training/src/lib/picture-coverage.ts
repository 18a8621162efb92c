import { meanSquare } from './picture-vectors';

/** How samples and real pictures lie among each other. */
export interface PictureCoverage {
  /** Share of the real pictures that have a sample near them. */
  readonly coverage: number;
  /** Share of the samples that are near a real picture. */
  readonly precision: number;
}

/** As Naeem et al. take it. */
const NEIGHBORS = 5;
/** Of fewer pictures the fifth neighbor is far away, and everything covered. */
const FEWEST = 20;

/** How far from each picture the fifth of its neighbors is, squared. */
export function neighborhoods(real: readonly Float64Array[]): Float64Array | undefined {
  if (real.length < FEWEST) return undefined;
  return Float64Array.from(real, (one, i) => {
    const others = Float64Array.from(real, (other, j) =>
      i === j ? Infinity : meanSquare(one, other),
    );
    return others.sort()[NEIGHBORS - 1]!;
  });
}

/**
 * Tells a generator that makes some kinds of the real pictures from one that makes all: of samples that
 * could be real ones, most real pictures have one among their neighbors.
 *
 * coverage = meanᵢ [minⱼ d(xᵢ, yⱼ) ≤ rᵢ],  precision = meanⱼ [∃i: d(xᵢ, yⱼ) ≤ rᵢ],
 * rᵢ the distance of the real picture xᵢ to the fifth of its neighbors among the real ones, yⱼ the samples
 *
 * Naeem et al. 2020 (arXiv 2002.09797), whose coverage of as many other real pictures is 1 − 2⁻⁵ on average;
 * precision as in Kynkäänniemi et al. 2019 (arXiv 1904.06991). Distances here are of pixels.
 */
export function pictureCoverage(
  fake: readonly Float64Array[],
  real: readonly Float64Array[],
  radii: Float64Array,
): PictureCoverage {
  const isNear = fake.map(() => false);
  let covered = 0;
  for (const [i, one] of real.entries()) {
    let found = false;
    for (const [j, other] of fake.entries()) {
      if (meanSquare(one, other) > radii[i]!) continue;
      found = true;
      isNear[j] = true;
    }
    if (found) covered++;
  }
  return {
    coverage: covered / real.length,
    precision: isNear.filter((near) => near).length / fake.length,
  };
}
