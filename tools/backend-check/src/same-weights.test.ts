import { expect, it } from 'vitest';
import { weightsDiffer } from './same-weights';

it('takes what agrees to six digits', () => {
  expect(weightsDiffer({ a: [1.0000015, 0.1] }, { a: [1, 0.1000009] })).toBeUndefined();
});

it('says what differs, and what is missing', () => {
  expect(weightsDiffer({ a: [1], b: [1.00001] }, { a: [1], b: [1] })).toMatch(
    /^b: 1 of 1 values differ/,
  );
  expect(weightsDiffer({ a: [NaN] }, { a: [1] })).toMatch(/^a: 1 of 1 values differ/);
  expect(weightsDiffer({ a: [1] }, { b: [1] })).toBe('expected the weights b, got a');
});
