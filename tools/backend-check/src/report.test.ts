import { expect, it } from 'vitest';
import { summarize } from './report';

const report = {
  kernels: { 'select of int32': 'off by one', relu: undefined, 'matrix products': 'NaN' },
  gradients: { relu: undefined },
  trainings: { 'WGAN-GP': 'it throws' },
};

it('counts what passed, failed and is known to be wrong', () => {
  expect(summarize('webgpu', report)).toEqual({
    lines: [
      'kernels: 1 passed, 1 failed, 1 known to be wrong',
      'gradients: 1 passed, 0 failed',
      'trainings: 0 passed, 1 failed',
      'failed: kernels, matrix products: NaN',
      'failed: trainings, WGAN-GP: it throws',
    ],
    failed: 2,
  });
});

it('knows the faults of a backend by its name', () => {
  expect(summarize('wasm', report).failed).toBe(3);
});
