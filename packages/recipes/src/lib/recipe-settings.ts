import { commonSettings } from './common-settings';
import { readSettings, resumedSettings } from './read-settings';
import type { Recipe, RecipeSettings } from './recipe';
import type { SettingsOf, SettingsSpec } from './setting';

type Given = Readonly<Record<string, unknown>>;
type NameOf = (name: string) => string;

/** What may be set of a recipe: its own settings, then those of every training that are not among them. */
export function settingsSpecOf<Spec extends SettingsSpec>(recipe: Recipe<Spec>): SettingsSpec {
  const own: SettingsSpec = recipe.settings;
  const common = Object.entries(commonSettings(recipe.defaults));
  return { ...own, ...Object.fromEntries(common.filter(([name]) => !(name in own))) };
}

/** The values of all settings of a recipe, as {@link readSettings} reads them. */
export function readRecipeSettings<Spec extends SettingsSpec>(
  recipe: Recipe<Spec>,
  given: Given,
  nameOf?: NameOf,
): RecipeSettings<Spec> {
  return completed(recipe, readSettings(settingsSpecOf(recipe), given, nameOf));
}

/** Those of a run that goes on, as {@link resumedSettings} puts them together. */
export function resumedRecipeSettings<Spec extends SettingsSpec>(
  recipe: Recipe<Spec>,
  given: Given,
  before: Given,
  nameOf?: NameOf,
): RecipeSettings<Spec> {
  return completed(recipe, resumedSettings(settingsSpecOf(recipe), given, before, nameOf));
}

function completed<Spec extends SettingsSpec>(
  recipe: Recipe<Spec>,
  read: SettingsOf<SettingsSpec>,
): RecipeSettings<Spec> {
  const settings = read as RecipeSettings<Spec>;
  return recipe.complete?.(settings) ?? settings;
}
