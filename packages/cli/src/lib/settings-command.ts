import type { NamedDataset } from '@ganloom/datasets/node';
import { readSettings, type SettingsOf, type SettingsSpec } from '@ganloom/recipes';
import { required } from './options';
import type { ProgramCommand } from './program';
import { flagOf, settingOptions } from './setting-option';
import { givenFlags } from './given-flags';

/** A command that is told where things are, and settings. */
export interface SettingsCommand<Spec extends SettingsSpec, Place extends string> {
  readonly name: string;
  readonly description: string;
  /** Words behind the name, as commander writes them: `<folder...>`. */
  readonly operands?: string;
  /** What must be given, `run: ['folder', 'run folder made by train']`. */
  readonly places: Readonly<Record<Place, readonly [hint: string, about: string]>>;
  readonly settings: Spec;
  /** Which data sets settings may name; default: none. */
  readonly datasets?: readonly NamedDataset[];
  /** Returns the exit code. */
  run(
    given: SettingsOf<Spec> & Readonly<Record<NoInfer<Place>, string>>,
    operands: readonly string[],
  ): Promise<number>;
}

/** The command of a program that this describes. */
export function settingsCommand<const Spec extends SettingsSpec, Place extends string>({
  name,
  description,
  operands,
  places,
  settings,
  datasets = [],
  run,
}: SettingsCommand<Spec, Place>): ProgramCommand {
  const named = Object.entries<readonly [string, string]>(places);
  return {
    name,
    description,
    ...(operands !== undefined && { operands }),
    options: [
      ...named.map(([place, [hint, about]]) => required(`${flagOf(place)} <${hint}>`, about)),
      ...settingOptions(settings, datasets),
    ],
    run: (_, command) => {
      const given = givenFlags(command);
      const read = readSettings(settings, given, flagOf);
      const where = Object.fromEntries(named.map(([place]) => [place, given[place]]));
      return run({ ...read, ...where } as Parameters<typeof run>[0], command.args);
    },
  };
}
