import { expect, it, vi } from 'vitest';
import { GanloomError, ganloomError, UsageError, usageError } from './errors';

it('says where, what was expected, what came and what to do', () => {
  const text = (received: unknown, remedy?: string) =>
    ganloomError('encode', 'rank must be 2', received, remedy).message;
  expect(text(4, 'flatten first')).toBe('encode: rank must be 2, got 4; flatten first');
  expect(text('four')).toBe('encode: rank must be 2, got "four"');
  expect(text([64, 7, 7])).toBe('encode: rank must be 2, got [64,7,7]');
  expect(text({ rank: 4 })).toBe('encode: rank must be 2, got {"rank":4}');
  expect(text(undefined)).toBe('encode: rank must be 2, got undefined');
  expect(text(null)).toBe('encode: rank must be 2, got null');
  expect(text(Number.NaN)).toBe('encode: rank must be 2, got NaN');
  const { message } = usageError('encode', 'rank must be 2', 'four', 'flatten first');
  expect(message).toBe('encode: rank must be 2, got "four"; flatten first');
});

it('makes errors that are errors, by name', () => {
  const error = ganloomError('a', 'b', 1);
  expect(error).toBeInstanceOf(Error);
  expect([error.name, new UsageError('x').name]).toEqual(['GanloomError', 'UsageError']);
  const wrongly = usageError('a', 'b', 1);
  expect([wrongly, error].map(UsageError.isInstance)).toEqual([true, false]);
  expect(String(new UsageError('x'))).toBe('UsageError: x');
});

it('recognizes its kinds and nothing else', () => {
  const usage = new UsageError('x');
  const plain = new GanloomError('x');
  expect([usage, plain].map(GanloomError.isInstance)).toEqual([true, true]);
  expect([usage, plain].map(UsageError.isInstance)).toEqual([true, false]);
  for (const other of [new Error('x'), { name: 'GanloomError' }, 'GanloomError', null, undefined]) {
    expect([GanloomError.isInstance(other), UsageError.isInstance(other)]).toEqual([false, false]);
  }
});

it('recognizes errors of a second installed copy', async () => {
  vi.resetModules();
  const copy = await import('./errors');
  expect(copy.GanloomError).not.toBe(GanloomError);
  const theirs = new copy.UsageError('x');
  expect(theirs).not.toBeInstanceOf(GanloomError);
  expect(GanloomError.isInstance(theirs)).toBe(true);
  expect(UsageError.isInstance(theirs)).toBe(true);
  expect(UsageError.isInstance(new copy.GanloomError('x'))).toBe(false);
});
