import { expect, it } from 'vitest';
import { modeCoverage } from './mode-coverage';

it('counts classes and measures their unevenness', () => {
  const { counts, covered, divergence } = modeCoverage([0, 0, 2, 0], 4);
  expect([...counts]).toEqual([3, 0, 1, 0]);
  expect(covered).toBe(2);
  // ¾ log(¾ · 4) + ¼ log(¼ · 4)
  expect(divergence).toBeCloseTo(0.75 * Math.log(3), 12);
});

it('is 0 when even and log(classes) when collapsed', () => {
  expect(modeCoverage([0, 1, 2, 2, 1, 0], 3).divergence).toBeCloseTo(0, 12);
  expect(modeCoverage([1, 1, 1], 3).divergence).toBeCloseTo(Math.log(3), 12);
});

it('refuses labels outside the classes', () => {
  expect(() => modeCoverage([0, 3], 3)).toThrow(
    'modeCoverage: labels must be integers from 0 to 2, got 3',
  );
  expect(() => modeCoverage([0.5], 3)).toThrow('got 0.5');
  expect(() => modeCoverage([], 3)).toThrow('modeCoverage: labels must not be empty');
});
