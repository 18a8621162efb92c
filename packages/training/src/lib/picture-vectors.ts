import type { Pictures } from '@ganloom/images';

// Values of each picture that are looked at: all of a digit's, evenly spaced ones of a photograph's.
const MOST_VALUES = 1024;

/** The values of each picture that are compared, 0–255. */
export function pictureVectors({ data, shape }: Pictures): Float64Array[] {
  const [count, height, width, channels] = shape;
  const size = height * width * channels;
  const values = Math.min(size, MOST_VALUES);
  return Array.from({ length: count }, (_, n) =>
    Float64Array.from(
      { length: values },
      (__, i) => data[n * size + Math.floor((i * size) / values)]!,
    ),
  );
}

/** The mean of squared differences. */
export function meanSquare(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum / a.length;
}
