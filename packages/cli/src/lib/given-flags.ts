import type { Command } from 'commander';

/** What was said on the command line, as opposed to defaults. */
export function givenFlags(command: Command): Record<string, unknown> {
  const all: Record<string, unknown> = command.opts();
  const isGiven = ([name]: [string, unknown]) => command.getOptionValueSource(name) === 'cli';
  return Object.fromEntries(Object.entries(all).filter(isGiven));
}
