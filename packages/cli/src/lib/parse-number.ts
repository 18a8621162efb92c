import { UsageError } from '@ganloom/core';

export interface NumberRange {
  /** Smallest value; default: none. */
  readonly min?: number;
  /** Largest value; default: none. */
  readonly max?: number;
  /** The value must be more than this. */
  readonly above?: number;
  /** The value must be less than this. */
  readonly below?: number;
}

/** A parser of a command-line option whose value is an integer. */
export function integerOption(flag: string, range: NumberRange = {}): (text: string) => number {
  return (text) => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
    if (!Number.isSafeInteger(value)) throw outside(flag, 'an integer', range, text);
    return within(flag, 'an integer', range, text, value);
  };
}

/** A parser of a command-line option whose value is a number. */
export function numberOption(flag: string, range: NumberRange = {}): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? NaN : Number(text);
    if (!Number.isFinite(value)) throw outside(flag, 'a number', range, text);
    return within(flag, 'a number', range, text, value);
  };
}

function within(
  flag: string,
  kind: string,
  range: NumberRange,
  text: string,
  value: number,
): number {
  const { min = -Infinity, max = Infinity, above = -Infinity, below = Infinity } = range;
  if (value < min || value > max || value <= above || value >= below) {
    throw outside(flag, kind, range, text);
  }
  return value;
}

function outside(flag: string, kind: string, range: NumberRange, text: string): UsageError {
  const { min, max, above, below } = range;
  const limits = [
    min !== undefined && `at least ${min}`,
    above !== undefined && `more than ${above}`,
    max !== undefined && `at most ${max}`,
    below !== undefined && `less than ${below}`,
  ].filter(Boolean);
  const expected = limits.length > 0 ? `${kind} of ${limits.join(' and ')}` : kind;
  return new UsageError(`${flag} must be ${expected}, got "${text}"`);
}
