import { UsageError } from './errors';

/** Which numbers an argument may be; default: any that is finite. */
export interface NumberRange {
  /** The smallest that is allowed. */
  readonly min?: number;
  /** The largest that is allowed. */
  readonly max?: number;
  /** It must be more than this. */
  readonly above?: number;
  /** It must be less than this. */
  readonly below?: number;
}

type Named = Readonly<Record<string, number>>;

/** @throws UsageError that names the first argument that is no finite number within the range. */
export function requireNumbers(where: string, values: Named, range: NumberRange = {}): void {
  requireAll(
    where,
    values,
    (value) => Number.isFinite(value) && isWithin(value, range),
    () => describeRange('number', range),
  );
}

/** @throws UsageError that names the first argument that is no integer within the range. */
export function requireIntegers(where: string, values: Named, range: NumberRange = {}): void {
  requireAll(
    where,
    values,
    (value) => Number.isSafeInteger(value) && isWithin(value, range),
    () => describeRange('integer', range),
  );
}

/** @throws UsageError that names the first argument that is no positive integer. */
export function requireCounts(where: string, values: Named): void {
  requireIntegers(where, values, { min: 1 });
}

/** Whether a number lies within a range. */
export function isWithin(value: number, range: NumberRange): boolean {
  const { min = -Infinity, max = Infinity, above = -Infinity, below = Infinity } = range;
  return (
    value >= min &&
    value <= max &&
    (above === -Infinity || value > above) &&
    (below === Infinity || value < below)
  );
}

/** A range in words: `a positive integer`, `a number of at least 0 and less than 1`. */
export function describeRange(kind: 'integer' | 'number', range: NumberRange): string {
  const { min, max, above, below } = range;
  const article = kind === 'integer' ? 'an' : 'a';
  if (kind === 'integer' && min === 1 && max === undefined && below === undefined) {
    return 'a positive integer';
  }
  const isInterval = min !== undefined && max !== undefined;
  const limits = [
    ...(isInterval ? [] : [min !== undefined && `of at least ${min}`]),
    above !== undefined && `above ${above}`,
    ...(isInterval ? [] : [max !== undefined && `of at most ${max}`]),
    below !== undefined && `below ${below}`,
  ].filter(Boolean);
  const from = isInterval ? ` from ${min} to ${max}` : '';
  return `${article} ${kind}${from}${limits.length > 0 ? ` ${limits.join(' and ')}` : ''}`;
}

function requireAll(
  where: string,
  values: Named,
  isRight: (value: number) => boolean,
  expected: () => string,
): void {
  for (const [name, value] of Object.entries(values)) {
    if (isRight(value)) continue;
    throw new UsageError(`${where}: ${name} must be ${expected()}, got ${String(value)}`);
  }
}
