import { reportCommand, runProgram } from '@ganloom/cli';
import { version } from '../package.json';
import { evaluate } from './evaluate';
import { generate } from './generate';
import { train } from './train';

/** Runs the program and returns its exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted. */
export function main(argv: readonly string[]): Promise<number> {
  const description = 'Trains a GAN that draws what class is asked for.';
  return runProgram(
    { name: 'cgan', description, version },
    [train, generate, evaluate, reportCommand('cgan')],
    argv,
  );
}
