import type { Picture } from '@ganloom/images';
import type { Mixture } from '@ganloom/datasets';
import { mixtureCoverage } from '@ganloom/metrics';

type Color = readonly [red: number, green: number, blue: number];

const PAPER = 255;
const MODE: Color = [150, 150, 150];
const NEAR: Color = [20, 110, 190];
const FAR: Color = [225, 90, 40];
/** Pixels: of the picture's side, and of radii. */
const SIDE = 400;
const DOT = 1.6;
const SMALLEST_MODE = 6;
/** A dot in many shows how many. */
const OPACITY = 0.5;
/** White around the outermost modes, as a share of their distance. */
const MARGIN = 0.3;

/**
 * A picture of samples over the modes of a mixture in the plane: circles of three standard deviations
 * (but never too small to see), blue dots for samples within three standard deviations of a mode, and
 * red ones for the others. Samples outside the picture are left out.
 *
 * @param points `[samples, 2]`
 */
export function drawPoints(points: ArrayLike<number>, mixture: Mixture): Picture {
  const { means, standardDeviation } = mixture;
  const reach = (1 + MARGIN) * Math.max(...means.flat().map(Math.abs));
  const scale = SIDE / (2 * reach);
  const toPixels = (x: number, y: number) => [(x + reach) * scale, (reach - y) * scale] as const;
  const data = new Uint8Array(SIDE * SIDE * 3).fill(PAPER);

  const radius = Math.max(3 * standardDeviation * scale, SMALLEST_MODE);
  for (const [x, y] of means) {
    const [column, row] = toPixels(x!, y!);
    paint(data, column, row, radius + 1, MODE, (distance) => 1 - Math.abs(distance - radius));
  }
  const { isHighQuality } = mixtureCoverage(points, mixture);
  for (const isNear of [false, true]) {
    isHighQuality.forEach((one, i) => {
      if (one !== isNear) return;
      const [column, row] = toPixels(points[2 * i]!, points[2 * i + 1]!);
      const share = (distance: number) => OPACITY * (DOT + 0.5 - distance);
      paint(data, column, row, DOT + 1, isNear ? NEAR : FAR, (d) => Math.min(share(d), OPACITY));
    });
  }
  return { data, height: SIDE, width: SIDE, channels: 3 };
}

/** Mixes a color into the pixels around a place, each by a share that depends on its distance. */
function paint(
  data: Uint8Array,
  column: number,
  row: number,
  reach: number,
  color: Color,
  share: (distance: number) => number,
): void {
  const from = (middle: number) => Math.max(0, Math.floor(middle - reach));
  const to = (middle: number) => Math.min(SIDE - 1, Math.ceil(middle + reach));
  for (let y = from(row); y <= to(row); y++) {
    for (let x = from(column); x <= to(column); x++) {
      const alpha = share(Math.hypot(x + 0.5 - column, y + 0.5 - row));
      if (!(alpha > 0)) continue;
      const at = (y * SIDE + x) * 3;
      color.forEach((c, i) => (data[at + i] = Math.round(c * alpha + data[at + i]! * (1 - alpha))));
    }
  }
}
