import { readSetting, integer } from '@ganloom/recipes';
import { Option } from 'commander';

/** An option that must be given. */
export function required(flags: string, description: string): Option {
  return new Option(flags, description).makeOptionMandatory();
}

/** Shows a run in a browser, at a port that may be given. */
export function portOption(port: number): Option {
  const ports = integer(undefined, '', { min: 1, max: 65_535 });
  return new Option(
    '--serve [port]',
    `show the run in a browser on this machine (default port: ${port})`,
  ).argParser((text: string) => readSetting(ports, text, '--serve'));
}
