import { describe, expect, it } from 'vitest';
import {
  describeRange,
  isWithin,
  type NumberRange,
  requireCounts,
  requireIntegers,
  requireNumbers,
} from './checks';
import { UsageError } from './errors';

const check = {
  numbers: (value: unknown, range?: NumberRange, remedy?: string) => () =>
    requireNumbers('blur', { fine: 0.75, radius: value as number }, range, remedy),
  integers: (value: unknown, range?: NumberRange, remedy?: string) => () =>
    requireIntegers('blur', { fine: 2, radius: value as number }, range, remedy),
};

describe('numbers', () => {
  it.each<[unknown, NumberRange | undefined, string]>([
    [NaN, undefined, 'a finite number, got NaN'],
    [Infinity, undefined, 'a finite number, got Infinity'],
    [undefined, undefined, 'a finite number, got undefined'],
    ['3', undefined, 'a finite number, got "3"'],
    [[1], undefined, 'a finite number, got [1]'],
    [null, { min: 0 }, 'a number of at least 0, got null'],
    [-1e-9, { min: 0 }, 'a number of at least 0, got -1e-9'],
    [Infinity, { min: 0 }, 'a number of at least 0, got Infinity'],
    [0, { above: 0 }, 'a number above 0, got 0'],
    [1, { min: 0, below: 1 }, 'a number of at least 0 and below 1, got 1'],
    [1.01, { above: 0, max: 1 }, 'a number above 0 and at most 1, got 1.01'],
    [1.5, { min: -1, max: 1 }, 'a number from -1 to 1, got 1.5'],
  ])('refuse %s in %o', (value, range, text) => {
    expect(check.numbers(value, range)).toThrow(new UsageError(`blur: radius must be ${text}`));
  });

  it.each<[number, NumberRange | undefined]>([
    [-1e300, undefined],
    [0, { min: 0 }],
    [0.999, { min: 0, below: 1 }],
    [1, { above: 0.5, max: 1 }],
  ])('pass as %s in %o', (value, range) => {
    expect(check.numbers(value, range)).not.toThrow();
  });

  it('pass where a schedule stands for them', () => {
    const schedule = { name: 'mine', at: () => -1 };
    expect(() => requireNumbers('blur', { radius: schedule }, { min: 0 })).not.toThrow();
  });
});

describe('integers', () => {
  it.each<[unknown, NumberRange | undefined, string]>([
    [0.5, undefined, 'an integer, got 0.5'],
    [2 ** 53, undefined, 'an integer, got 9007199254740992'],
    [-1, { min: 0 }, 'an integer of at least 0, got -1'],
    [9, { min: 2, max: 8 }, 'an integer from 2 to 8, got 9'],
    [3, { max: 2 }, 'an integer of at most 2, got 3'],
    [1, { above: 1 }, 'an integer above 1, got 1'],
    [28, { min: 1, below: 28 }, 'an integer of at least 1 and below 28, got 28'],
  ])('refuse %s in %o', (value, range, text) => {
    expect(check.integers(value, range)).toThrow(new UsageError(`blur: radius must be ${text}`));
  });

  it.each<[number, NumberRange | undefined]>([
    [-3, undefined],
    [8, { min: 2, max: 8 }],
    [2 ** 53 - 1, { above: 1 }],
  ])('pass as %s in %o', (value, range) => {
    expect(check.integers(value, range)).not.toThrow();
  });
});

it('counts are integers from 1', () => {
  expect(() => requireCounts('train', { steps: 1, batch: 0 })).toThrow(
    new UsageError('train: batch must be a positive integer, got 0'),
  );
  expect(() => requireCounts('train', { steps: 1, batch: 7 })).not.toThrow();
});

it('the remedy comes last', () => {
  const text = (kind: string) =>
    new UsageError(`blur: radius must be ${kind}, got -1; leave it out`);
  const counts = () => requireCounts('blur', { radius: -1 }, 'leave it out');
  expect(check.numbers(-1, { min: 0 }, 'leave it out')).toThrow(text('a number of at least 0'));
  expect(check.integers(-1, { min: 0 }, 'leave it out')).toThrow(text('an integer of at least 0'));
  expect(counts).toThrow(text('a positive integer'));
});

it('a limit belongs to its range, unless it must be passed', () => {
  const inside = (range: NumberRange) => [1, 2, 3].map((value) => isWithin(value, range));
  expect(inside({ min: 2 })).toEqual([false, true, true]);
  expect(inside({ max: 2 })).toEqual([true, true, false]);
  expect(inside({ above: 2 })).toEqual([false, false, true]);
  expect(inside({ below: 2 })).toEqual([true, false, false]);
  expect(isWithin(NaN, {})).toBe(false);
});

it('describes every kind of range', () => {
  expect(describeRange('number', { min: 1 })).toBe('a number of at least 1');
  expect(describeRange('number', { below: 0 })).toBe('a number below 0');
  expect(describeRange('integer', { above: 0, below: 9 })).toBe('an integer above 0 and below 9');
});
