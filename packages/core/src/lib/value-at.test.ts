import { expect, it } from 'vitest';
import { UsageError } from './errors';
import { valueAt } from './value-at';

const mine = { name: 'mine', at: (update: number) => 1 / (3 - update) };

it('is a number, or what a schedule says', () => {
  expect(valueAt(0.5, 7)).toBe(0.5);
  expect(valueAt(mine, 2)).toBe(1);
  expect(valueAt(mine, 1, { min: 0, below: 1 })).toBe(0.5);
});

it('names a schedule that says what is no number, or out of its range', () => {
  expect(() => valueAt(mine, 3)).toThrow(
    new UsageError(
      'the schedule "mine": after 3 updates it must be a finite number, got Infinity; see its at()',
    ),
  );
  expect(() => valueAt(mine, 2, { min: 0, below: 1 })).toThrow(
    'after 2 updates it must be a number of at least 0 and below 1, got 1',
  );
});
