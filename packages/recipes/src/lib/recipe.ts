import type { Dataset, Plan, RandomStream } from '@ganloom/core';
import type { CheckpointSinkOptions } from '@ganloom/runs';
import type { Store } from '@ganloom/storage';
import type { Metric, SamplesOptions, StopRule } from '@ganloom/training';
import type { CommonDefaults, CommonSettings } from './common-settings';
import type { DataNeed } from './data-need';
import type { SettingsOf, SettingsSpec } from './setting';

/** What a recipe is told when its networks are made. */
export interface PlanContext<S> {
  readonly settings: S;
  readonly data: Dataset;
  /** For the first weights. */
  readonly random: RandomStream;
  /** Whether the run begins; one that goes on has weights of its own. */
  readonly isNew: boolean;
  /** What is kept at a place that a setting names, such as another run. */
  place(name: string): Store;
}

/**
 * A way to train a GAN, as a value: what may be set, what data it needs, and what it trains. Whoever
 * interprets it opens the data and keeps the run: a command line, a page, a test.
 */
export interface Recipe<Spec extends SettingsSpec = SettingsSpec> {
  readonly name: string;
  /** In a sentence. */
  readonly about: string;
  readonly version: string;
  /** Beside those that every training has, or in their place. */
  readonly settings: Spec;
  readonly defaults: CommonDefaults;
  /** Settings that were left out, as others decide. Twice is as good as once. */
  complete?(settings: RecipeSettings<Spec>): RecipeSettings<Spec>;
  data(settings: RecipeSettings<Spec>): DataNeed;
  /** Networks, losses and optimizers. */
  plan(context: PlanContext<RecipeSettings<Spec>>): Plan | Promise<Plan>;
  /** Generator updates; stages have their own. */
  steps?(settings: RecipeSettings<Spec>): number;
  /** Examples that are shown; default 100 of the training data. */
  samples?(settings: RecipeSettings<Spec>): Partial<Omit<SamplesOptions, 'every'>>;
  /** What is computed while it trains, and what comes of it. */
  watch?(context: Pick<PlanContext<RecipeSettings<Spec>>, 'settings' | 'data'>): Watch;
}

/** Numbers that say how good the generator is, what ends training early, and which checkpoint is kept. */
export interface Watch {
  readonly metrics?: readonly Metric[];
  readonly stop?: readonly StopRule[];
  readonly best?: CheckpointSinkOptions['best'];
}

/** All settings of a recipe. */
export type RecipeSettings<Spec extends SettingsSpec = SettingsSpec> = SettingsOf<Spec> &
  Omit<CommonSettings, keyof Spec>;

/** A recipe, with the types of its settings. */
export function defineRecipe<const Spec extends SettingsSpec>(recipe: Recipe<Spec>): Recipe<Spec> {
  return recipe;
}
