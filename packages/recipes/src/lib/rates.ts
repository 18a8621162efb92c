import type { Schedule } from '@ganloom/core';
import { cosineDecay, linearDecay } from '@ganloom/optimizers';
import { choice, number } from './setting';

type Rate = number | Schedule;

/** How a rate goes to 0 in so many updates, or does not. */
const decays: Readonly<Record<string, (from: number, updates: number) => Rate>> = {
  none: (rate) => rate,
  linear: (from, updates) => linearDecay({ from, updates }),
  cosine: (from, updates) => cosineDecay({ from, updates }),
};

/** The settings of both players' learning rates. */
export function rateSettings(generator: number, discriminator: number) {
  return {
    learningRate: number(generator, "Adam's learning rate for the generator", { above: 0 }),
    discriminatorLearningRate: number(discriminator, 'the same for the discriminator', {
      above: 0,
    }),
    decay: decaySetting('none'),
  };
}

/** How both learning rates end. */
export function decaySetting<T extends string | undefined>(value: T, more = '') {
  const about = `how both learning rates go to 0 until the last step${more}`;
  return choice(value, about, Object.keys(decays));
}

/** Learning rates of both players. */
export interface Rates {
  readonly decay: string;
  /** Generator updates of the run. */
  readonly steps: number;
  readonly learningRate: number;
  readonly discriminatorLearningRate: number;
}

/** The learning rates of both sides, whose discriminator makes so many updates in each step. */
export function learningRates(
  { decay, steps, learningRate, discriminatorLearningRate }: Rates,
  discriminatorSteps = 1,
): { readonly generator: Rate; readonly discriminator: Rate } {
  const decayed = decays[decay]!;
  return {
    generator: decayed(learningRate, steps),
    discriminator: decayed(discriminatorLearningRate, steps * discriminatorSteps),
  };
}
