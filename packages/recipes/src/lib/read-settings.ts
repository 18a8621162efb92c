import { describeRange, isWithin, UsageError } from '@ganloom/core';
import type { Setting, SettingsOf, SettingsSpec, SettingValue } from './setting';

/**
 * The values of settings: those that are given, checked, and the defaults of the others.
 *
 * @param given by name; numbers may be texts, as a command line or a form has them
 * @param nameOf what users call a setting, such as `--learning-rate`; default: its name
 * @throws UsageError that names the first setting that is not what it may be.
 */
export function readSettings<Spec extends SettingsSpec>(
  spec: Spec,
  given: Readonly<Record<string, unknown>>,
  nameOf: (name: string) => string = (name) => name,
): SettingsOf<Spec> {
  return Object.fromEntries(
    Object.entries(spec).map(([name, setting]) => {
      const value = Object.hasOwn(given, name) ? given[name] : undefined;
      const read =
        value === undefined ? setting.default : readSetting(setting, value, nameOf(name));
      return [name, read];
    }),
  ) as SettingsOf<Spec>;
}

/**
 * Checks what a user gave for a setting, as text or as a value.
 *
 * @throws UsageError if the value is not what the setting may be.
 */
export function readSetting(setting: Setting, value: unknown, name: string): SettingValue {
  const { kind, range = {}, choices = [], check } = setting;
  const refuse = (expected: string) =>
    new UsageError(`${name} must be ${expected}, got ${JSON.stringify(value)}`);
  if (kind === 'flag') {
    if (typeof value !== 'boolean') throw refuse('true or false');
    return value;
  }
  if (kind === 'integer' || kind === 'number') {
    const read = numberOf(value);
    const fits = kind === 'integer' ? Number.isSafeInteger(read) : Number.isFinite(read);
    if (!fits || !isWithin(read, range)) throw refuse(describeRange(kind, range));
    return read;
  }
  if (typeof value !== 'string') throw refuse('text');
  if (kind === 'choice' && !choices.includes(value)) {
    throw refuse(`one of ${choices.join(', ')}`);
  }
  check?.(value);
  return value;
}

function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}

/**
 * The settings of a run that goes on: its own, but for those that no bit depends on, which may be given
 * anew.
 *
 * @param given what was set this time, by name
 * @throws UsageError if something given says otherwise, or the run lacks a setting.
 */
export function resumedSettings<Spec extends SettingsSpec>(
  spec: Spec,
  given: Readonly<Record<string, unknown>>,
  before: Readonly<Record<string, unknown>>,
  nameOf: (name: string) => string = (name) => name,
): SettingsOf<Spec> {
  const merged: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(spec)) {
    const now = given[name];
    const then = Object.hasOwn(before, name) ? before[name] : undefined;
    if (setting.free) {
      merged[name] = now ?? then;
      continue;
    }
    if (then === undefined && setting.default !== undefined) {
      throw new UsageError(
        `a run that goes on needs all its settings, but ${nameOf(name)} is not among those of its ` +
          'config.json; the run is of another version',
      );
    }
    const own = then === undefined ? undefined : readSetting(setting, then, `config.json: ${name}`);
    const wanted = now === undefined ? own : readSetting(setting, now, nameOf(name));
    if (wanted !== own) {
      throw new UsageError(
        `a run goes on with its own settings: ${nameOf(name)} is ${String(own)} there, ` +
          `got ${String(wanted)}; leave it out`,
      );
    }
    merged[name] = own;
  }
  return readSettings(spec, merged, nameOf);
}
