import { reportCommand, runProgram } from '@ganloom/cli';
import { version } from '../package.json';
import { evaluate } from './evaluate';
import { train } from './train';
import { upscale } from './upscale';

/** Runs the program and returns its exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted. */
export function main(argv: readonly string[]): Promise<number> {
  const description = 'Trains an SRGAN and enlarges photographs with it.';
  const info = { name: 'super-resolution', description, version };
  return runProgram(info, [train, evaluate, upscale, reportCommand('super-resolution')], argv);
}
