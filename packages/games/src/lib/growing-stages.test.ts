import { type AdversarialLoss, RandomStream } from '@ganloom/core';
import { adam } from '@ganloom/optimizers';
import { expectNoLeak } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { networksOfSizes } from '../../test/sizes';
import { growingStages, type GrowingStagesOptions } from './growing-stages';

beforeAll(async () => void (await tf.setBackend('cpu')));

const { small, large } = networksOfSizes(RandomStream.fromSeed(1));
const loss = { name: 'any' } as AdversarialLoss;
const optimizers = { generator: adam(), discriminator: adam() };
const stages = (more: Partial<GrowingStagesOptions> = {}) =>
  growingStages({
    sizes: [
      { ...small, steps: 10 },
      { ...large, steps: 20 },
    ],
    variant: { loss, optimizers },
    ...more,
  });
/** By how much an update of the discriminator moves the share. */
const shareOfUpdate = ([, second]: ReturnType<typeof stages>) =>
  tf.tidy(() => {
    const { variant } = second!;
    const critique = { logits: tf.zeros([1, 1]) };
    variant.game.observe!(critique, critique);
    const { share } = variant.game.state!;
    const [value] = share!.dataSync();
    share!.dispose();
    return value;
  });

it('makes a stage of each size, named after it', () => {
  const [first, second] = stages();
  expect([first!.name, first!.steps]).toEqual(['1x1', 10]);
  expect([second!.name, second!.steps]).toEqual(['2x2', 20]);
  for (const { name, variant } of [first!, second!]) {
    expect(variant).toMatchObject({ name, loss, optimizers });
    expect(variant.game.name).toBe(name);
  }
  expect(first!.variant.game.generator.models['1x1']).toBe(small.generator);
  expect(second!.variant.game.discriminator.models['2x2']).toBe(large.discriminator);
  expect(first!.variant.game.state).toBeUndefined();
  tf.dispose(second!.variant.game.state!);
});

it('fades in during half of the steps, or as many as asked for', () => {
  expect(shareOfUpdate(stages())).toBeCloseTo(1 / 10, 6);
  const variant = { loss, optimizers, discriminatorSteps: 5 };
  expect(shareOfUpdate(stages({ variant }))).toBeCloseTo(1 / 50, 6);
  const sizes = [{ ...large, steps: 20, fadingSteps: 4, name: 'large' }];
  expect(shareOfUpdate(stages({ sizes: [{ ...small, steps: 1 }, ...sizes] }))).toBeCloseTo(
    1 / 4,
    6,
  );
});

it('hands data and prior on, and makes no tensor but the share', () => {
  expectNoLeak(() => {
    const [first, second] = stages({ data: 'faces', prior: (count) => tf.ones([count, 2]) });
    tf.tidy(() => {
      const { game } = first!.variant;
      const made = game.fake({ faces: tf.zeros([2, 2, 2, 1]) }, RandomStream.fromSeed(1));
      expect(made.dataSync()[0]).toBe(made.dataSync()[1]);
    });
    tf.dispose(second!.variant.game.state!);
  });
});

it('says what does not grow', () => {
  expect(() => stages({ sizes: [] })).toThrow('growingStages: there must be sizes, got none');
  const [one, two] = [
    { ...small, steps: 1 },
    { ...large, steps: 1 },
  ];
  expect(() => stages({ sizes: [two, one] })).toThrow(
    'growingStages: pictures must grow from size to size, at least 2×2 after 2×2, got 1×1',
  );
  expectNoLeak(() => {
    expect(() => stages({ sizes: [two, two] })).toThrow(
      'growingStages: each size needs a name of its own, got "2x2" twice; give `name`',
    );
  });
  expect(() => stages({ sizes: [one, { ...two, fadingSteps: 0 }] })).toThrow('needs `fading`');
});
