import type { Option } from 'commander';
import { cosineDecay, type LearningRate, linearDecay } from '@ganloom/optimizers';
import { choice } from './options';

/** What `--decay` names: how a rate goes to 0 in so many updates, or does not. */
const decays = {
  none: (rate: number): LearningRate => rate,
  linear: (from: number, updates: number): LearningRate => linearDecay({ from, updates }),
  cosine: (from: number, updates: number): LearningRate => cosineDecay({ from, updates }),
} as const;

export type Decay = keyof typeof decays;

/** The option `--decay`, for {@link learningRates}. */
export function decayOption(value: Decay | undefined, more = ''): Option {
  const text = `how both learning rates go to 0 until the last step${more}`;
  return choice('--decay <name>', text, Object.keys(decays), value);
}

export interface RateSettings {
  readonly decay: Decay;
  /** Generator updates of the run. */
  readonly steps: number;
  readonly learningRate: number;
  readonly discriminatorLearningRate: number;
}

/** The learning rates of both sides, whose discriminator makes so many updates in each step. */
export function learningRates(
  { decay, steps, learningRate, discriminatorLearningRate }: RateSettings,
  discriminatorSteps = 1,
): { readonly generator: LearningRate; readonly discriminator: LearningRate } {
  const decayed = decays[decay];
  return {
    generator: decayed(learningRate, steps),
    discriminator: decayed(discriminatorLearningRate, steps * discriminatorSteps),
  };
}
