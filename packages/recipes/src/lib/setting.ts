import type { NumberRange } from '@ganloom/core';

/** One thing that a user may set: what it is, what it may be, and what it is by itself. */
export interface Setting<T extends SettingValue = SettingValue> {
  readonly kind: 'integer' | 'number' | 'choice' | 'text' | 'dataset' | 'flag';
  /** In a few words, for help texts and forms. */
  readonly about: string;
  /** Undefined if it need not be set at all. */
  readonly default: T;
  /** Of numbers. */
  readonly range?: NumberRange;
  /** Of choices. */
  readonly choices?: readonly string[];
  /** What a text stands for, such as `folder`. */
  readonly hint?: string;
  /** Of data sets: single pictures, or pairs at two resolutions. */
  readonly of?: 'pictures' | 'pairs';
  /** Objects to a text by a `UsageError`. */
  readonly check?: (value: string) => unknown;
  /** No bit of a run depends on it, so a run that goes on may have another. Default false. */
  readonly free?: boolean;
}

/** What a setting can be. */
export type SettingValue = string | number | boolean | undefined;

/** Settings by their names, in the order in which they are shown. */
export type SettingsSpec = Readonly<Record<string, Setting>>;

/** The values of settings. */
export type SettingsOf<Spec extends SettingsSpec> = {
  readonly [Name in keyof Spec]: Spec[Name] extends Setting<infer T> ? T : never;
};

type More = Pick<Setting, 'free' | 'hint'>;

/** An integer, by default of at least 1. */
export function integer<T extends number | undefined>(
  value: T,
  about: string,
  range: NumberRange = { min: 1 },
  more: More = {},
): Setting<T extends number ? number : number | undefined> {
  return { kind: 'integer', about, default: value as never, range, ...more };
}

/** A finite number. */
export function number<T extends number | undefined>(
  value: T,
  about: string,
  range: NumberRange,
  more: More = {},
): Setting<T extends number ? number : number | undefined> {
  return { kind: 'number', about, default: value as never, range, ...more };
}

/** One of several words. */
export function choice<T extends string | undefined>(
  value: T,
  about: string,
  choices: readonly string[],
  more: More = {},
): Setting<T extends string ? string : string | undefined> {
  return { kind: 'choice', about, default: value as never, choices, hint: 'name', ...more };
}

/** Any text that `check` does not object to by a `UsageError`. */
export function text<T extends string | undefined>(
  value: T,
  about: string,
  check?: (value: string) => unknown,
  more: More = {},
): Setting<T extends string ? string : string | undefined> {
  const { hint = 'name' } = more;
  return { kind: 'text', about, default: value as never, hint, ...(check && { check }), ...more };
}

/** Something that is or is not; by itself it is not. */
export function flag(about: string, more: More = {}): Setting<boolean> {
  return { kind: 'flag', about, default: false, ...more };
}

/** A data set by its name, of those that the host knows. */
export function dataset<T extends string | undefined>(
  value: T,
  about: string,
  of: NonNullable<Setting['of']>,
): Setting<T extends string ? string : string | undefined> {
  return { kind: 'dataset', about, default: value as never, of };
}
