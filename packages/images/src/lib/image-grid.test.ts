import { expect, it } from 'vitest';
import { imageGrid } from './image-grid';

it('lays pictures out row by row, with black gaps and an empty rest', () => {
  // Three pictures of 1×2 pixels on two columns.
  const data = Uint8Array.of(1, 2, 3, 4, 5, 6);
  const grid = imageGrid({ data, shape: [3, 1, 2, 1] }, { columns: 2, gap: 1 });
  expect(grid).toMatchObject({ width: 5, height: 3, channels: 1 });
  // oxfmt-ignore
  expect([...grid.data]).toEqual([
    1, 2, 0, 3, 4,
    0, 0, 0, 0, 0,
    5, 6, 0, 0, 0,
  ]);
});

it('enlarges pixels of several channels to squares', () => {
  const data = Uint8Array.of(1, 2, 3, 4, 5, 6);
  const grid = imageGrid({ data, shape: [1, 1, 2, 3] }, { zoom: 2 });
  expect(grid).toMatchObject({ width: 4, height: 2, channels: 3 });
  const row = [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6];
  expect([...grid.data]).toEqual([...row, ...row]);
});

it('is about square by default', () => {
  const grid = imageGrid({ data: new Uint8Array(100), shape: [100, 1, 1, 1] }, { gap: 0 });
  expect([grid.width, grid.height]).toEqual([10, 10]);
});
