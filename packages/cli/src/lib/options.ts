import { Option } from 'commander';
import { integerOption, numberOption, type NumberRange } from './parse-number';

/** An option whose value is an integer, by default of at least 1. */
export function integer(
  flags: string,
  text: string,
  value?: number,
  range: NumberRange = { min: 1 },
): Option {
  return new Option(flags, text).argParser(integerOption(nameOf(flags), range)).default(value);
}

/** An option whose value is a number. */
export function number(
  flags: string,
  text: string,
  value: number | undefined,
  range: NumberRange,
): Option {
  return new Option(flags, text).argParser(numberOption(nameOf(flags), range)).default(value);
}

/** An option whose value is one of several words. */
export function choice(
  flags: string,
  text: string,
  choices: readonly string[],
  value: string | undefined,
): Option {
  return new Option(flags, text).choices(choices).default(value);
}

/** An option whose value is any words that `check` does not object to by a `UsageError`. */
export function text(
  flags: string,
  description: string,
  value?: string,
  check: (value: string) => unknown = () => undefined,
): Option {
  const parse = (given: string) => {
    check(given);
    return given;
  };
  return new Option(flags, description).argParser(parse).default(value);
}

/** An option that must be given. */
export function required(flags: string, description: string): Option {
  return new Option(flags, description).makeOptionMandatory();
}

/** What computes, for a `useBackend` that knows `names`, the default first. */
export function backendOptions(names: readonly string[]): Option[] {
  return [
    choice('--backend <name>', 'what computes', names, names[0]!),
    integer('--threads <n>', 'threads of the wasm backend (default: all cores)', undefined, {
      min: 1,
      max: 16,
    }),
  ];
}

const nameOf = (flags: string) => flags.split(' ')[0]!;
