import { runRecipe } from '@ganloom/cli';
import { emoji } from './emoji';
import { evaluate } from './evaluate';
import { recipe } from './recipe';
import { upscale } from './upscale';

/** The recipe as a program, with commands of its own. */
export const main = (argv: readonly string[]) =>
  runRecipe(recipe, argv, {
    commands: [evaluate, upscale],
    datasets: [emoji],
    without: ['generate'],
  });
