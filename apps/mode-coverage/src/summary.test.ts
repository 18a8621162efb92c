import { readSettings } from '@ganloom/recipes';
import { expect, it } from 'vitest';
import { coverageSettings, type CoverageSettings, withDefaults } from './settings';
import { markdownTable, summarize } from './summary';

const settings = (target: string, method: string, given: Partial<CoverageSettings> = {}) =>
  withDefaults({ ...readSettings(coverageSettings, {}), target, method, ...given });

const result = (seed: number, modes: number, seconds: number) => ({
  seed,
  modes,
  of: 8,
  highQuality: modes / 10,
  divergence: 0.5,
  samples: 2500,
  steps: 400,
  seconds,
});

it('has means and the standard deviations of samples', () => {
  const summary = summarize(
    settings('ring', 'gan', { gamma: 0.25 }),
    [result(0, 5, 10), result(2, 8, 20)],
    [1],
  );
  expect(summary).toMatchObject({ target: 'ring', method: 'gan', of: 8, failed: [1] });
  expect(summary.settings).toEqual({
    steps: 10_000,
    batch: 100,
    packing: 1,
    learningRate: 1e-3,
    discriminatorLearningRate: 1e-3,
    decay: 'cosine',
    beta1: 0.5,
    beta2: 0.999,
    ema: 0.999,
    gamma: 0.25,
    gammaEnd: 0.005,
    penaltyEvery: 4,
  });
  expect(summary.mean).toEqual({
    modes: 6.5,
    highQuality: 0.65,
    divergence: 0.5,
    steps: 400,
    seconds: 15,
  });
  // √(2 · 1.5² / 1)
  expect(summary.standardDeviation.modes).toBeCloseTo(Math.sqrt(4.5), 12);
  expect(summary.standardDeviation.seconds).toBeCloseTo(Math.sqrt(50), 12);
  expect(summary.standardDeviation.divergence).toBe(0);
});

it('has defaults that follow what is given, where a method has such', () => {
  expect(settings('ring', 'ttur').discriminatorLearningRate).toBe(4e-3);
  expect(settings('ring', 'ttur', { learningRate: 5e-4 })).toMatchObject({
    learningRate: 5e-4,
    discriminatorLearningRate: 2e-3,
  });
  expect(
    settings('ring', 'ttur', { discriminatorLearningRate: 1e-3 }).discriminatorLearningRate,
  ).toBe(1e-3);
  expect(settings('ring', 'wgan-gp')).toMatchObject({ gamma: 0.5, gammaEnd: 0.5, penaltyEvery: 1 });
  expect(settings('ring', 'wgan-gp', { gamma: 10 })).toMatchObject({ gamma: 10, gammaEnd: 10 });
});

it('has as many packs in a batch as samples without packing', () => {
  const batchOf = (method: string, given: Partial<CoverageSettings> = {}) =>
    settings('ring', method, given).batch;
  expect(batchOf('pacgan-4')).toBe(400);
  expect(batchOf('pacgan-4', { packing: 2 })).toBe(200);
  expect(batchOf('r3gan', { packing: 2 })).toBe(200);
  expect(batchOf('r3gan', { packing: 2, batch: 64 })).toBe(64);
});

it('makes a table with a row for each summary, blanks for what is not measured, and flags', () => {
  const { highQuality: _, ...digits } = { ...result(0, 990, 1234.5), of: 1000, divergence: 0.0625 };
  const table = markdownTable([
    summarize(settings('ring', 'gan', { steps: 400 }), [result(0, 5, 10), result(1, 8, 20)], []),
    summarize(settings('ring', 'pacgan-2'), [result(0, 5, 10)], []),
    summarize(
      settings('stacked-mnist', 'r3gan', { beta1: 0.5, packing: 2, filters: 32 }),
      [digits],
      [],
    ),
  ]);
  expect(table.trim().split('\n')).toEqual([
    '| target | method | seeds | steps | modes | high quality, % | KL | seconds | flags |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    '| ring | gan | 2 | 400 | 6.5 ± 2.1 of 8 | 65.0 ± 21.2 | 0.500 ± 0.000 | 15 ± 7 |  |',
    '| ring | pacgan-2 | 1 | 400 | 5.0 of 8 | 50.0 | 0.500 | 10 |  |',
    '| stacked-mnist | r3gan | 1 | 400 | 990.0 of 1000 |  | 0.063 | 1235 | `--beta1 0.5` `--packing 2` `--filters 32` |',
  ]);
});
