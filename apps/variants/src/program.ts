import { reportCommand, runProgram } from '@ganloom/cli';
import { version } from '../package.json';
import { train } from './train';

/** Runs the program and returns its exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted. */
export function main(argv: readonly string[]): Promise<number> {
  const description = 'Trains GAN variants that are one file each.';
  return runProgram(
    { name: 'variants', description, version },
    [train, reportCommand('variants')],
    argv,
  );
}
