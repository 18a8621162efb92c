import { reportCommand, runProgram } from '@ganloom/cli';
import { version } from '../package.json';
import { generate } from './generate';
import { train } from './train';

/** Runs the program and returns its exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted. */
export function main(argv: readonly string[]): Promise<number> {
  const description = 'Trains a DCGAN and draws from it.';
  return runProgram(
    { name: 'dcgan', description, version },
    [train, generate, reportCommand('dcgan')],
    argv,
  );
}
