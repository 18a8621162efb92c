import { type Schedule, type Term, UsageError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { consistency } from './consistency';
import { absoluteError, charbonnier, squaredError } from './content';
import { cycleConsistency, identity } from './cycle-consistency';
import { dragan } from './dragan';
import { featureMatching } from './feature-matching';
import { gradientPenalty } from './gradient-penalty';
import { historicalAveraging } from './historical-averaging';
import { mutualInformation } from './mutual-information';
import { perceptual } from './perceptual';
import { pullingAway } from './pulling-away';
import { totalVariation } from './total-variation';
import { witnessPenalty } from './witness-penalty';

type Weighted = { readonly weight: number | Schedule };

const pairs = { a: 'b' };
const makers: Record<string, (options: Weighted) => Term | Term<tf.Tensor>> = {
  absoluteError,
  charbonnier,
  squaredError,
  dragan,
  featureMatching,
  gradientPenalty,
  pullingAway,
  totalVariation,
  witnessPenalty,
  consistency: (options) => consistency({ augment: (images) => images, ...options }),
  cycleConsistency: (options) => cycleConsistency({ pairs, ...options }),
  identity: (options) => identity({ pairs, ...options }),
  historicalAveraging: (options) =>
    historicalAveraging({ player: 'generator', models: {}, ...options }),
  mutualInformation: (options) => mutualInformation({ codes: [], ...options }),
  perceptual: (options) => perceptual({ features: tf.sequential(), ...options }),
};

it.each(Object.entries(makers))('%s takes a weight that follows a schedule', (where, make) => {
  const weight: Schedule = { name: 'rising', at: (update) => update };
  expect(make({ weight }).weight).toBe(weight);
  expect(make({ weight: 0.25 }).weight).toBe(0.25);
  for (const wrong of [-1, NaN, Infinity]) {
    expect(() => make({ weight: wrong })).toThrow(
      new UsageError(`${where}: weight must be a number of at least 0, got ${wrong}`),
    );
  }
});
