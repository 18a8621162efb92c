import { expect, it } from 'vitest';
import { drawPoints } from './draw-points';

const mixture = {
  name: 'two',
  means: [
    [1, 0],
    [-1, 0],
  ],
  standardDeviation: 0.1,
};

it('draws circles around modes, blue dots near them and red ones elsewhere', () => {
  // The picture reaches from −1.3 to 1.3 in 400 pixels.
  const picture = drawPoints([1, 0, 0, 0.65, 5, 5], mixture);
  expect([picture.width, picture.height, picture.channels]).toEqual([400, 400, 3]);
  const at = (x: number, y: number) => {
    const [column, row] = [((x + 1.3) / 2.6) * 400, ((1.3 - y) / 2.6) * 400].map(Math.floor);
    return [...picture.data.subarray((row! * 400 + column!) * 3, (row! * 400 + column!) * 3 + 3)];
  };
  const [nearRed, , nearBlue] = at(1, 0);
  expect(nearBlue! - nearRed!).toBeGreaterThan(60);
  const [farRed, , farBlue] = at(0, 0.65);
  expect(farRed! - farBlue!).toBeGreaterThan(60);
  // The other mode has a grey circle of three deviations, and no samples in it.
  expect(at(-1, 0)).toEqual([255, 255, 255]);
  const [red, green, blue] = at(-0.7, 0.001);
  expect([red, blue]).toEqual([green, green]);
  expect(red).toBeLessThan(230);
  expect(at(0, -1)).toEqual([255, 255, 255]);
});
