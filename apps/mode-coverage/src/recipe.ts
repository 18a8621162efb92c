import { defineRecipe, integer } from '@ganloom/recipes';
import { version } from '../package.json';
import { methods } from './methods';
import { coverageSettings, type CoverageSettings, withDefaults } from './settings';
import { targets } from './targets';

/** One training of the study: a method on a target, from a seed. Its settings are whole. */
export const recipe = defineRecipe({
  name: 'mode-coverage',
  about: 'Counts the modes that GANs cover.',
  version,
  settings: { ...coverageSettings, steps: integer(undefined, 'generator updates') },
  // Those of target and method take their place.
  defaults: { batch: 100, ema: 0, sampleEvery: 500, logEvery: 100, checkpointEvery: 1000 },
  complete: (settings) => withDefaults(settings),
  data: (settings) => ({
    kind: 'made',
    make: (random) => targetOf(withDefaults(settings)).data(random),
  }),
  steps: (settings) => withDefaults(settings).steps,
  samples: (settings) => ({ count: targetOf(withDefaults(settings)).shown }),
  plan({ settings, random }) {
    const whole = withDefaults(settings);
    const target = targetOf(whole);
    const variant = methods[whole.method]!.make(target, whole, random);
    return { ...variant, game: target.withFrames(variant.game) };
  },
});

export function targetOf(settings: CoverageSettings) {
  return targets[settings.target]!.make(settings);
}
