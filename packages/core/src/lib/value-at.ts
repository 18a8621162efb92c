import { describeRange, isNumberWithin, type NumberRange } from './checks';
import type { Schedule } from './contracts';
import { usageError } from './errors';

/**
 * What a setting is in the update that has `update` others before it. A number is returned as it is.
 *
 * @param range what the schedule may say; default: any finite number
 * @throws UsageError if a schedule says something else.
 */
export function valueAt(
  setting: number | Schedule,
  update: number,
  range: NumberRange = {},
): number {
  if (typeof setting === 'number') return setting;
  const value = setting.at(update);
  if (!isNumberWithin(value, range)) {
    const expected = `after ${update} updates it must be ${describeRange('number', range)}`;
    throw usageError(`the schedule "${setting.name}"`, expected, value, 'see its at()');
  }
  return value;
}
