import type { Schedule } from './contracts';
import { usageError } from './errors';

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

/**
 * Checks arguments by their names, such as `requireNumbers('lion', { weightDecay }, { min: 0 })`. What
 * follows a schedule passes: `valueAt` checks it when it is asked.
 *
 * @throws UsageError that names the first argument that is no finite number within the range.
 */
export function requireNumbers(
  where: string,
  values: Readonly<Record<string, number | Schedule>>,
  range: NumberRange = {},
  remedy?: string,
): void {
  for (const [name, value] of Object.entries(values)) {
    if (isSchedule(value) || isNumberWithin(value, range)) continue;
    throw usageError(where, `${name} must be ${describeRange('number', range)}`, value, remedy);
  }
}

/**
 * Checks arguments by their names, as {@link requireNumbers} does.
 *
 * @throws UsageError that names the first argument that is no integer within the range.
 */
export function requireIntegers(
  where: string,
  values: Readonly<Record<string, number>>,
  range: NumberRange = {},
  remedy?: string,
): void {
  for (const [name, value] of Object.entries(values)) {
    if (Number.isSafeInteger(value) && isWithin(value, range)) continue;
    throw usageError(where, `${name} must be ${describeRange('integer', range)}`, value, remedy);
  }
}

/**
 * Refuses an option of a name that there is not: one that is misspelled would be passed over, where no
 * compiler looks.
 *
 * @param known the names that there are, such as `{ steps: true } satisfies Record<keyof Options, true>`
 * @throws UsageError that lists them.
 */
export function requireKnown(where: string, options: object, known: object): void {
  const other = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (other === undefined) return;
  throw usageError(where, `options must be among ${Object.keys(known).join(', ')}`, other);
}

/**
 * Checks that arguments are positive integers, by their names.
 *
 * @throws UsageError that names the first argument that is no positive integer.
 */
export function requireCounts(
  where: string,
  values: Readonly<Record<string, number>>,
  remedy?: string,
): void {
  requireIntegers(where, values, { min: 1 }, remedy);
}

/** Whether a number lies within a range. */
export function isWithin(value: number, range: NumberRange): boolean {
  const { min = -Infinity, max = Infinity, above, below } = range;
  return (
    value >= min &&
    value <= max &&
    (above === undefined || value > above) &&
    (below === undefined || value < below)
  );
}

/** Whether a value is a finite number within a range. */
export function isNumberWithin(value: unknown, range: NumberRange): value is number {
  return Number.isFinite(value) && isWithin(value as number, range);
}

/** A range in words: `a positive integer`, `a number of at least 0 and below 1`. */
export function describeRange(kind: 'integer' | 'number', range: NumberRange): string {
  const { min, max, above, below } = range;
  const noun = kind === 'integer' ? 'an integer' : 'a number';
  const limits = [
    above !== undefined && `above ${above}`,
    max !== undefined && min === undefined && `at most ${max}`,
    below !== undefined && `below ${below}`,
  ].filter((limit) => limit !== false);
  if (min !== undefined && max !== undefined) {
    return [`${noun} from ${min} to ${max}`, ...limits].join(' and ');
  }
  if (min === 1 && kind === 'integer' && limits.length === 0) return 'a positive integer';
  if (min !== undefined) limits.unshift(`at least ${min}`);
  if (limits.length === 0) return kind === 'integer' ? noun : 'a finite number';
  const of = limits[0]!.startsWith('at') ? ' of' : '';
  return `${noun}${of} ${limits.join(' and ')}`;
}

function isSchedule(value: number | Schedule): value is Schedule {
  // Strings and arrays have an `at` too.
  const { name, at } = Object(value) as Partial<Schedule>;
  return typeof at === 'function' && typeof name === 'string';
}
