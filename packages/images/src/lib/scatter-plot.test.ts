import { expect, it } from 'vitest';
import { scatterPlot } from './scatter-plot';

const circles = {
  centers: [
    [1, 0],
    [-1, 0],
  ],
  radius: 0.3,
};

/** Red, green and blue at a place in the plane, of a plot that reaches 1.3. */
function colorAt({ data, width }: ReturnType<typeof scatterPlot>, x: number, y: number): number[] {
  const scale = width / 2.6;
  const at = 3 * (Math.floor((1.3 - y) * scale) * width + Math.floor((x + 1.3) * scale));
  return [...data.slice(at, at + 3)];
}

it('shows circles, points within reach, and marked ones in red', () => {
  const points = [1, 0, -0.6, -0.6, 5, 5, Number.NaN, 0];
  const picture = scatterPlot(points, { circles, isMarked: (i) => i > 0 });
  expect([picture.height, picture.width, picture.channels]).toEqual([400, 400, 3]);
  expect(colorAt(picture, 0, 0.9)).toEqual([255, 255, 255]);
  const [red, , blue] = colorAt(picture, 1, 0);
  expect(blue).toBeGreaterThan(red!);
  const [farRed, , farBlue] = colorAt(picture, -0.6, -0.6);
  expect(farRed).toBeGreaterThan(farBlue!);
  const ring = colorAt(picture, -1, 0.3);
  expect(ring[0]).toBeLessThan(255);
  expect(new Set(ring).size).toBe(1);
});

it('reaches as far as most points where there are no circles', () => {
  const points = Array.from({ length: 40 }, (_, i) => (i === 0 ? 1000 : Math.sin(i)));
  const picture = scatterPlot(points);
  const dark = picture.data.filter((value) => value < 250).length;
  // The outlier does not squeeze the others into one dot.
  expect(dark).toBeGreaterThan(100);
});
