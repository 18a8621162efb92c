import { runProgram } from '@ganloom/cli';
import { version } from '../package.json';
import { compare } from './compare';
import { forkSeed, type StartSeed } from './fork-seed';
import { seed } from './seed';
import { trainWith } from './train';

/** Runs the program and returns its exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted. */
export function main(argv: readonly string[], startSeed: StartSeed = forkSeed): Promise<number> {
  const description = 'Counts the modes that GANs cover.';
  const commands = [trainWith(startSeed), compare, seed];
  return runProgram({ name: 'mode-coverage', description, version }, commands, argv);
}
