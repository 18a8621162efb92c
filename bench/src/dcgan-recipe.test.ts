import { expect, it } from 'vitest';
import { dcganStepFlops } from './dcgan-recipe';

it('counts the multiplications and additions of a step', () => {
  // filters 1, one channel: dense 100·7·7·2 = 9800, wide 7·7·16·1·2 = 1568, narrow 14·14·16 = 3136,
  // logit 98. G = 14504, D = 4802.
  // D's update: G + 2·(D + D + 1568 + 98) = 14504 + 2·11270 = 37044.
  // G's update: G + D + D + G + 1568 + 3136 = 43316.
  expect(dcganStepFlops(1, 1)).toBe(2 * (37044 + 43316));
});

it('is about 10 GFLOP for the workload', () => {
  expect(dcganStepFlops(64, 64) / 1e9).toBeCloseTo(10.4, 1);
});
