import { expect, it } from 'vitest';
import { expectedOf, reportOf } from './measured';

const found = { kernels: { relu: undefined }, gradients: { relu: 'off' } };

it('compares weights, and takes over the rest', () => {
  const expected = { a: { w: [1] }, b: { w: [2] } };
  const weights = { a: { w: [1] }, b: { message: 'no device' } };
  expect(reportOf({ ...found, weights }, expected)).toEqual({
    ...found,
    trainings: { a: undefined, b: 'no device' },
  });
  const { trainings } = reportOf({ ...found, weights: { a: { w: [3] } } }, expected);
  expect(trainings['a']).toMatch(/^w: 1 of 1 values differ/);
});

it('expects nothing of a training that failed', () => {
  expect(expectedOf({ weights: { a: { w: [1] } } })).toEqual({ a: { w: [1] } });
  // A variable may bear that name.
  expect(expectedOf({ weights: { a: { message: [1] } } })).toEqual({ a: { message: [1] } });
  expect(() => expectedOf({ weights: { a: { w: [1] }, b: { message: 'no memory' } } })).toThrow(
    'wasm does not train b: no memory',
  );
});
