export { classNamed } from './lib/class-named';
export {
  backendSettings,
  type CommonDefaults,
  type CommonSettings,
  commonSettings,
} from './lib/common-settings';
export { conditionings } from './lib/conditionings';
export { type Cure, cures } from './lib/cures';
export type { DataNeed, MadeData, PairsNeed, PicturesNeed } from './lib/data-need';
export { labeled, type LabeledDataset, splitEveryTenth } from './lib/data-parts';
export {
  drawBatches,
  drawLatents,
  type DrawOptions,
  drawPictures,
  drawValues,
  type Wishes,
} from './lib/draw';
export { evaluateRun, type EvaluateOptions } from './lib/evaluate';
export type { Evaluation, EvaluationContext, EvaluationResult } from './lib/evaluation';
export { evaluations } from './lib/evaluations';
export {
  countOf,
  generate,
  type Generated,
  type GenerateOptions,
  planGenerate,
} from './lib/generate';
export type { Host, TrainHost } from './lib/host';
export { interpolate } from './lib/interpolate';
export { type Objective, objectives } from './lib/objectives';
export { openNeed } from './lib/open-need';
export { decaySetting, learningRates, type Rates, rateSettings } from './lib/rates';
export { playedFor, type PlayedFor } from './lib/played-for';
export { readSetting, readSettings, resumedSettings } from './lib/read-settings';
export { readRecipeSettings, resumedRecipeSettings, settingsSpecOf } from './lib/recipe-settings';
export {
  defineRecipe,
  type PlanContext,
  type Recipe,
  type RecipeSettings,
  type Watch,
} from './lib/recipe';
export { type Players, playersOf, saveGenerators } from './lib/run-networks';
export { loadSavedGenerator, type SavedGenerator } from './lib/saved-generator';
export {
  choice,
  dataset,
  flag,
  integer,
  number,
  type Setting,
  type SettingsOf,
  type SettingsSpec,
  type SettingValue,
  text,
} from './lib/setting';
export { trainRecipe, type TrainOutcome, type TrainRecipeOptions } from './lib/train-recipe';
export { PIXEL_DISTANCE, pixelDistance } from './lib/pixel-distance';
