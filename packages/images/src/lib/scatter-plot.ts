import type { Picture } from './picture';

type Color = readonly [red: number, green: number, blue: number];

const PAPER = 255;
const CIRCLE: Color = [150, 150, 150];
const DOT: Color = [20, 110, 190];
const MARKED: Color = [225, 90, 40];
/** Pixels: of the picture's side, and of radii. */
const SIDE = 400;
const DOT_RADIUS = 1.6;
const SMALLEST_CIRCLE = 6;
/** A dot in many shows how many. */
const OPACITY = 0.5;
/** White around what is farthest from the middle, as a share of its distance. */
const MARGIN = 0.3;

/** Settings of {@link scatterPlot}. */
export interface ScatterPlotOptions {
  /** Circles to hold the points against, never drawn too small to see; they say what the plot covers. */
  readonly circles?: {
    readonly centers: readonly (readonly number[])[];
    readonly radius: number;
  };
  /** Whether the i-th point is marked by another color. Default: none is. */
  readonly isMarked?: (i: number) => boolean;
}

/**
 * A picture of points over the plane around 0: blue dots, red where marked. Without circles the plot
 * reaches as far as nine of ten points; points outside it are left out.
 *
 * @param points row-major `[count, coordinates]`; the first two coordinates are drawn
 * @param coordinates of each point; default 2
 */
export function scatterPlot(
  points: ArrayLike<number>,
  { circles, isMarked = () => false }: ScatterPlotOptions = {},
  coordinates = 2,
): Picture {
  const count = points.length / coordinates;
  const at = (i: number) =>
    [points[coordinates * i]!, coordinates > 1 ? points[coordinates * i + 1]! : 0] as const;
  const reach = (1 + MARGIN) * (circles ? reachOf(circles.centers) : reachOfMost(count, at));
  const scale = SIDE / (2 * reach);
  const toPixels = (x: number, y: number) => [(x + reach) * scale, (reach - y) * scale] as const;
  const data = new Uint8Array(SIDE * SIDE * 3).fill(PAPER);

  if (circles) {
    const radius = Math.max(circles.radius * scale, SMALLEST_CIRCLE);
    for (const [x = 0, y = 0] of circles.centers) {
      const [column, row] = toPixels(x, y);
      paint(data, column, row, radius + 1, CIRCLE, (distance) => 1 - Math.abs(distance - radius));
    }
  }
  const share = (distance: number) => Math.min(OPACITY * (DOT_RADIUS + 0.5 - distance), OPACITY);
  for (const marked of [true, false]) {
    for (let i = 0; i < count; i++) {
      if (isMarked(i) !== marked) continue;
      const [column, row] = toPixels(...at(i));
      paint(data, column, row, DOT_RADIUS + 1, marked ? MARKED : DOT, share);
    }
  }
  return { data, height: SIDE, width: SIDE, channels: 3 };
}

function reachOf(centers: readonly (readonly number[])[]): number {
  return Math.max(...centers.flat().map(Math.abs)) || 1;
}

function reachOfMost(count: number, at: (i: number) => readonly [number, number]): number {
  const distances = Array.from({ length: count }, (_, i) => Math.max(...at(i).map(Math.abs)))
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  return distances[Math.floor(0.9 * (distances.length - 1))] || 1;
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
      color.forEach((c, i) => {
        data[at + i] = Math.round(c * alpha + data[at + i]! * (1 - alpha));
      });
    }
  }
}
