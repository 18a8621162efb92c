import { UsageError } from '@ganloom/core';
import { describe, expect, it } from 'vitest';
import { readSetting, readSettings, resumedSettings } from './read-settings';
import { choice, dataset, flag, integer, number, text } from './setting';

const spec = {
  steps: integer(10, 'updates'),
  rate: number(0.5, 'of learning', { above: 0 }),
  loss: choice('hinge', 'what for', ['hinge', 'minimax']),
  dataset: dataset('mnist', 'pictures', 'pictures'),
  patience: integer(undefined, 'grids'),
  threads: integer(undefined, 'of the processor', { min: 1 }, { free: true }),
  grey: flag('without color'),
};

describe('readSettings', () => {
  it('has what is given, numbers as texts too, and defaults of the rest', () => {
    expect(readSettings(spec, { steps: '20', rate: 2e-4, grey: true })).toEqual({
      steps: 20,
      rate: 2e-4,
      loss: 'hinge',
      dataset: 'mnist',
      patience: undefined,
      threads: undefined,
      grey: true,
    });
  });

  it.each([
    [integer(1, ''), '0', 'a positive integer, got "0"'],
    [integer(1, ''), '1.5', 'a positive integer, got "1.5"'],
    [integer(1, '', {}), '9e99', 'an integer, got "9e99"'],
    [integer(1, '', {}), '', 'an integer, got ""'],
    [number(1, '', { min: 0, below: 1 }), '1', 'a number of at least 0 and below 1, got "1"'],
    [number(1, '', { above: 0 }), 'fast', 'a number above 0, got "fast"'],
    [number(1, '', { above: 0 }), Infinity, 'a number above 0, got null'],
    [choice('a', '', ['a', 'b']), 'c', 'one of a, b, got "c"'],
    [flag(''), 'yes', 'true or false, got "yes"'],
    [text('a', ''), 3, 'text, got 3'],
  ])('refuses what a setting may not be', (setting, value, message) => {
    expect(() => readSetting(setting, value, '--it')).toThrow(
      new UsageError(`--it must be ${message}`),
    );
  });
});

describe('resumedSettings', () => {
  const before = { ...readSettings(spec, { steps: 12 }), threads: 2 };

  it('has those of the run, and new ones where no bit depends on them', () => {
    expect(resumedSettings(spec, {}, before)).toEqual(before);
    expect(resumedSettings(spec, { steps: '12', threads: 1 }, before)).toEqual({
      ...before,
      threads: 1,
    });
  });

  it('refuses others, and a run that lacks some or has impossible ones', () => {
    expect(() => resumedSettings(spec, { steps: 20 }, before, (name) => `--${name}`)).toThrow(
      'a run goes on with its own settings: --steps is 12 there, got 20; leave it out',
    );
    const { rate: _, ...less } = before;
    expect(() => resumedSettings(spec, {}, less)).toThrow(
      'rate is not among those of its config.json',
    );
    expect(() => resumedSettings(spec, {}, { ...before, loss: 'best' })).toThrow(
      'config.json: loss must be one of hinge, minimax, got "best"',
    );
    // What every object has is no setting of a run.
    expect(() => resumedSettings(spec, {}, Object.create(before) as never)).toThrow(
      'steps is not among those',
    );
  });
});
