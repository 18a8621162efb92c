import { describe, expect, it } from 'vitest';
import type { Scalars } from '../events';
import { healthChecks } from './health-checks';
import { healthMonitor, symptoms } from './health-monitor';

const rowsOf = (statistics: readonly Scalars[]) =>
  statistics.map((one, i) => ({ step: i + 1, seconds: 0, losses: {}, statistics: one }));
const verdictsOf = (...statistics: Scalars[]) => {
  const monitor = healthMonitor();
  monitor.recall(rowsOf(statistics));
  return monitor.verdicts();
};

describe('modes missing', () => {
  const at = (pictureCoverage: number, picturePrecision = 0.9) => ({
    pictureCoverage,
    picturePrecision,
  });

  it('is said of samples that are like few of the real pictures', () => {
    const verdicts = verdictsOf(at(0.9), at(0.33), at(0.33), at(0.32));
    expect(verdicts).toMatchObject([{ name: 'modes missing', step: 4 }]);
    expect(verdicts[0]!.message).toMatch(
      /^kinds of pictures seem to be left out: at step 4 the samples are near 32 % of the real pictures, although 90 % of them are near a real one; /,
    );
  });

  it('is not said of a healthy run, nor of one that is not yet there', () => {
    expect(verdictsOf(...[0.1, 0.9, 0.8, 0.85, 0.9].map((one) => at(one)))).toEqual([]);
    expect(verdictsOf(...[0.1, 0.2, 0.3, 0.4, 0.45].map((one) => at(one)))).toEqual([]);
    // Noise is near nothing.
    expect(verdictsOf(...[0.1, 0.1, 0.1, 0.1].map((one) => at(one, 0.1)))).toEqual([]);
    expect(verdictsOf(at(0.3), at(0.3))).toEqual([]);
  });
});

describe('classes ignored', () => {
  const at = (...values: number[]) => values.map((classAgreement) => ({ classAgreement }));

  it('is said of samples that are the same whatever is asked', () => {
    const verdicts = verdictsOf(...at(0.9, 0.05, -0.02, 0.04));
    expect(verdicts).toMatchObject([{ name: 'classes ignored', step: 4 }]);
    expect(verdicts[0]!.message).toMatch(
      /^classes seem to be ignored: at step 4 the mean sample of a class goes only 4 % of the way from the mean of all to the real class; /,
    );
    const opposite = verdictsOf(...at(-0.1, -0.1, -0.12));
    expect(opposite[0]!.message).toContain('goes only 0 % of the way');
    expect(verdictsOf(...at(0.4, 0.4, 0.4))).toHaveLength(1);
    expect(verdictsOf(...at(-0.1, -0.1, -0.1))).toHaveLength(1);
  });

  it('is not said of a healthy run, nor of one that still learns them', () => {
    expect(verdictsOf(...at(0, 0.3, 0.6, 0.9, 1.05, 0.95))).toEqual([]);
    expect(verdictsOf(...at(0.05, 0.15, 0.3))).toEqual([]);
    expect(verdictsOf(...at(0.1, 0.1))).toEqual([]);
  });
});

describe('healthChecks', () => {
  const seen = (rows: Parameters<typeof healthChecks>[0]) =>
    Object.fromEntries(healthChecks(rows).map(({ what, seen: times }) => [what, times]));

  it('counts the steps in which there was something to look at', () => {
    const rows = [
      ...rowsOf([{ generatorGradientNorm: 1 }, { pixelDiversity: 1, nearestDistance: 1 }]),
      { losses: { discriminator: 1, generator: 1 }, statistics: { nearestDistance: 1 } },
    ];
    expect(seen(rows)).toEqual({
      'a discriminator that has won': 1,
      'a vanished gradient': 1,
      'samples that are all alike': 2,
      'kinds that are left out': 0,
      'classes that are ignored': 0,
      oscillation: 1,
      'saturated augmentation': 0,
    });
  });

  it('begins anew in each stage, as symptoms do', () => {
    const swing = (i: number) => ({ discriminator: 0.01, generator: 1 + Math.sin(i / 3) });
    const row = (i: number, stage: string) => ({
      ...{ step: i + 1, seconds: 0, losses: swing(i), statistics: {} },
      stage,
    });
    const staged = (sizes: Readonly<Record<string, number>>) =>
      Object.entries(sizes).flatMap(([name, size]) =>
        Array.from({ length: size }, (_, i) => row(i, name)),
      );
    const rows = staged({ small: 60, large: 95 });
    expect(seen(rows)['oscillation']).toBe(95);
    const monitor = healthMonitor();
    monitor.recall(rows);
    expect(monitor.verdicts()).toEqual([]);
    // One more in a stage, and it can be seen.
    const longer = staged({ small: 60, large: 96 });
    expect(seen(longer)['oscillation']).toBe(96);
    monitor.recall(longer);
    expect(monitor.verdicts()).toMatchObject([{ name: 'oscillation', stage: 'large' }]);
    expect(seen([])['oscillation']).toBe(0);
  });

  it('says how often is enough: one time less, and no symptom can be there', () => {
    const bad: Scalars = {
      generatorGradientNorm: 0,
      pixelDiversity: 0,
      pictureCoverage: 0,
      picturePrecision: 1,
      classAgreement: 0,
      augmentationProbability: 1,
      realLogit: 9,
      fakeLogit: -9,
    };
    const found = (name: string, times: number) => {
      const monitor = healthMonitor();
      const rows = rowsOf(Array.from({ length: times }, () => bad));
      const swing = (i: number) => ({
        discriminator: i === 0 ? 1 : 0.01,
        generator: 1 + Math.sin(i / 3),
      });
      monitor.recall(rows.map((row, i) => ({ ...row, losses: swing(i) })));
      return monitor.verdicts().some((verdict) => verdict.name === name);
    };
    const checked = symptoms.map((make) => make()).filter(({ checks }) => checks);
    expect(checked).toHaveLength(7);
    for (const { name, checks } of checked) {
      // The first step of a discriminator that has won is the one that is compared with.
      const times = checks!.times + (name === 'discriminator won' ? 1 : 0);
      expect(found(name, times), name).toBe(true);
      expect(found(name, checks!.times - 1), name).toBe(false);
    }
  });
});
