import { datasets as allDatasets, type NamedDataset } from '@ganloom/datasets/node';
import type { Recipe, SettingsSpec } from '@ganloom/recipes';
import { evaluateCommand } from './evaluate-command';
import { generateCommand } from './generate-command';
import { type ProgramCommand, runProgram } from './program';
import { reportCommand } from './report-command';
import { trainCommand } from './train-command';

/** Settings of {@link runRecipe}. */
export interface RecipeProgramOptions {
  /** Commands of its own, which replace those of the same name. */
  readonly commands?: readonly ProgramCommand[];
  /** Data sets of its own beside those that there are. */
  readonly datasets?: readonly NamedDataset[];
  /** Commands that say nothing to it, such as `generate`; default: none. */
  readonly without?: readonly string[];
}

/**
 * A recipe as a program: train, generate, evaluate, report, and its own commands. Returns the exit code:
 * 0 done, 1 failed, 2 wrong usage, 130 interrupted with everything saved.
 */
export function runRecipe<Spec extends SettingsSpec>(
  recipe: Recipe<Spec>,
  argv: readonly string[],
  { commands = [], datasets: own = [], without = [] }: RecipeProgramOptions = {},
): Promise<number> {
  const datasets = [...allDatasets, ...own];
  const common: readonly ProgramCommand<never>[] = [
    trainCommand(recipe, datasets),
    generateCommand(recipe.name),
    evaluateCommand(recipe, datasets),
    reportCommand(recipe.name),
  ];
  const left = [...without, ...commands.map(({ name }) => name)];
  const all = [...common.filter(({ name }) => !left.includes(name)), ...commands];
  const { name, about, version } = recipe;
  return runProgram({ name, description: about, version }, all as ProgramCommand[], argv);
}
