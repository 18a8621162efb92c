import { expect, it } from 'vitest';
import { valueAt } from '@ganloom/core';
import { decayOption, learningRates } from './decay';

const settings = { steps: 10, learningRate: 0.4, discriminatorLearningRate: 0.2 };

it.each([
  ['none', 0.4, 0.2, 0.4],
  ['linear', 0.2, 0.1, 0],
  // (1 + cos 90°) / 2
  ['cosine', 0.2, 0.1, 0],
] as const)('%s: half-way in each side’s own updates, and at the end', (decay, g, d, end) => {
  const { generator, discriminator } = learningRates({ ...settings, decay }, 5);
  expect(valueAt(generator, 0)).toBe(0.4);
  expect(valueAt(discriminator, 0)).toBe(0.2);
  expect(valueAt(generator, 5)).toBeCloseTo(g, 12);
  expect(valueAt(discriminator, 25)).toBeCloseTo(d, 12);
  expect(valueAt(generator, 10)).toBeCloseTo(end, 12);
  expect(valueAt(discriminator, 50)).toBeCloseTo(end / 2, 12);
});

it('is an option that knows their names', () => {
  const option = decayOption('none');
  expect(option.argChoices).toEqual(['none', 'linear', 'cosine']);
  expect(option.defaultValue).toBe('none');
  expect(decayOption(undefined).defaultValue).toBeUndefined();
});
