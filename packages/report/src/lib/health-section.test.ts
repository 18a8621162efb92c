import { describe, expect, it } from 'vitest';
import { tinyReport } from '../../test/tiny-report';
import { healthSection } from './health-section';
import type { ReportData } from './report-data';

const textOf = (more: Partial<ReportData> = {}) =>
  healthSection(tinyReport(more))
    .html.replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** So many logged steps; the first `grids` of them with samples. */
const rows = (steps: number, grids: number, ofSamples = {}) =>
  Array.from({ length: steps }, (_, i) => ({
    step: i + 1,
    seconds: i,
    losses: { generator: 1, discriminator: 1 },
    statistics: { generatorGradientNorm: 1, ...(i < grids && ofSamples) },
  }));
const GRID = {
  pixelDiversity: 1,
  nearestDistance: 1,
  pictureCoverage: 0.9,
  picturePrecision: 0.9,
  classAgreement: 1,
};
const labeled = (): Pick<ReportData, 'config'> => {
  const { config } = tinyReport();
  return { config: { ...config, data: { ...config.data, classNames: ['red', 'blue'] } } };
};

describe('what was checked', () => {
  it('is named, where all of it was', () => {
    expect(textOf({ rows: rows(96, 3, GRID) })).toBe(
      'Nothing looks wrong in what was checked: no sign of a discriminator that has won, a vanished ' +
        'gradient, samples that are all alike, kinds that are left out, classes that are ignored or oscillation.',
    );
  });

  it('does not vouch for what could not be looked at', () => {
    expect(textOf({ rows: rows(25, 0) })).toBe(
      'Nothing looks wrong in what was checked: no sign of a discriminator that has won or a vanished ' +
        'gradient. Not checked: samples that are all alike; kinds that are left out; oscillation ' +
        '(needs 96 logged values, got 25).',
    );
    const few = textOf({ rows: rows(2, 1, GRID) });
    expect(few).not.toContain('Nothing looks wrong');
    expect(few).toContain('a vanished gradient (needs 10 logged values, got 2)');
    expect(few).toContain('classes that are ignored (needs 3 logged values, got 1)');
  });

  it('leaves classes to evaluate, unless that was run', () => {
    expect(textOf({ ...labeled(), rows: rows(96, 0) })).toContain(
      'Not checked: samples that are all alike; kinds that are left out; what becomes of the classes: run evaluate, then report.',
    );
    expect(textOf({ ...labeled(), rows: rows(96, 3, GRID) })).toContain(
      'Not checked: whether each class can be recognized: run evaluate, then report.',
    );
    expect(textOf({ rows: rows(96, 3, GRID) })).not.toContain('evaluate');
    const recognition = { count: 1000, recognized: 0.95, perClass: { red: 0.97 }, accuracy: 0.98 };
    const evaluated = textOf({ ...labeled(), rows: rows(96, 3, GRID), recognition });
    expect(evaluated).not.toContain('Not checked');
    expect(evaluated).toContain(
      'The last evaluation: a classifier that knows 98 % of real pictures takes 95 % of 1,000 samples for ' +
        'what was asked for, and of each class at least half as many as of real ones.',
    );
  });

  it('names an evaluation that is damaged, and says the rest', () => {
    const text = textOf({ rows: rows(96, 3, GRID), evaluationFault: 'evaluate.json is damaged' });
    expect(text).toContain('Nothing looks wrong');
    expect(text).toContain('Not shown: evaluate.json is damaged.');
  });

  it('says which classes a classifier did not find', () => {
    const recognition = {
      count: 600,
      recognized: 1 / 3,
      perClass: { red: 0.99, blue: 0.01, green: 0 },
      accuracy: 0.98,
    };
    const text = textOf({ ...labeled(), rows: rows(96, 3, GRID), recognition });
    expect(text).toContain(
      'classes not recognized last evaluation a classifier that knows 98 % of real pictures takes 33 % of ' +
        '600 samples for what was asked for; seldom blue (1 %) or green (0 %): look at these samples',
    );
  });

  it('names gaps beside verdicts too', () => {
    const verdicts = [{ name: 'oscillation', step: 96, lastStep: 97, message: 'it swings' }];
    const text = textOf({ rows: rows(96, 0), verdicts });
    expect(text).toBe(
      'oscillation steps 96–97 it swings Not checked: samples that are all alike; kinds that are left out.',
    );
  });
});
