import { readSetting, integer } from '@ganloom/recipes';
import { Option } from 'commander';

/**
 * An option that must be given. Unlike commander's mandatory ones, it is missed only after a flag was named
 * that there is not, which may be a slip for it.
 */
export class RequiredOption extends Option {}

/** An option that must be given. */
export function required(flags: string, description: string): Option {
  return new RequiredOption(flags, description);
}

/** Shows a run in a browser, at a port that may be given. */
export function portOption(port: number): Option {
  const ports = integer(undefined, '', { min: 1, max: 65_535 });
  return new Option(
    '--serve [port]',
    `show the run in a browser on this machine (default port: ${port})`,
  ).argParser((text: string) => readSetting(ports, text, '--serve'));
}
