import { type Game, RandomStream, type SampleLoss, type Stage, type Term } from '@ganloom/core';
import { disposeVariant, tinyData, tinyVariant, weightsOf } from '@ganloom/tiny-gan';
import { sgd } from '@ganloom/optimizers';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { exponentialMovingAverage } from './exponential-moving-average';
import { train } from './train';
import { type NamedTensors, trainingState } from './training-state';

beforeAll(() => tf.setBackend('cpu'));

/** Two stages with the same networks; the second has optimizers of its own for the generator. */
async function tinyRun() {
  const variant = tinyVariant();
  const { loss: stateless, ...common } = variant;
  // A game, a loss and a term that remember: each makes the next step depend on what it was told.
  const remembered = () => tf.tidy(() => tf.variable(tf.scalar(0), false));
  const [said, seen, met] = [remembered(), remembered(), remembered()];
  const game: Game<tf.Tensor> = {
    ...variant.game,
    state: { said },
    observe: (real) => said.assign(said.add(tf.mean(real.logits))),
    critique: (sample, batch, random) => ({
      logits: variant.game.critique(sample, batch, random).logits.add(said),
    }),
  };
  const loss: SampleLoss<tf.Tensor> = {
    ...stateless!,
    state: { seen },
    discriminator(real, fake, context) {
      seen.assign(seen.add(1));
      return stateless!.discriminator(real, fake, context).mul(seen.add(1));
    },
  };
  const drift: Term<tf.Tensor> = {
    name: 'drift',
    player: 'discriminator',
    weight: 0.1,
    state: { met },
    value({ realCritique }) {
      met.assign(met.add(1));
      return tf.mean(realCritique().logits.mul(met)) as tf.Scalar;
    },
  };
  const pixels = {
    name: 'pixels',
    player: 'generator' as const,
    weight: 1,
    value: ({ real, fake }: { real: tf.Tensor; fake: tf.Tensor }) =>
      tf.mean(tf.square(tf.sub(real, fake))) as tf.Scalar,
  };
  const stages: Stage<tf.Tensor>[] = [
    { name: 'content', steps: 4, variant: { ...common, terms: [pixels] } },
    {
      name: 'adversarial',
      steps: 4,
      variant: {
        ...common,
        game,
        loss,
        terms: [drift],
        optimizers: {
          generator: sgd({ learningRate: 0.05, momentum: 0.9 }),
          discriminator: common.optimizers.discriminator!,
        },
      },
    },
  ];
  const ema = await exponentialMovingAverage(variant.game.generator.models, { decay: 0.9 });
  const state = trainingState(stages, ema);
  const play = async (from: number, to: number) => {
    const options = { batchSize: 8, random: RandomStream.fromSeed(5), ema };
    const done = { step: from, seconds: 0 };
    for await (const event of train(stages, tinyData(), { ...options, done })) {
      if (event.type === 'step' && event.step === to) break;
    }
  };
  const bits = () => [
    ...weightsOf(variant),
    ...ema.models['generator']!.getWeights().flatMap((w) => [...w.dataSync()]),
  ];
  const dispose = () => {
    ema.dispose();
    disposeVariant(variant);
    tf.dispose([said, seen, met]);
    for (const stage of stages) stage.variant.optimizers.generator.dispose();
  };
  return { state, play, bits, dispose };
}

const copies = (tensors: NamedTensors) =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, tf.clone(tensor).mul(1)]),
  );

it.each([1, 3, 4, 5, 7])(
  'continues after step %i to the same bits, in a new process',
  async (at) => {
    const whole = await tinyRun();
    await whole.play(0, 8);
    const first = await tinyRun();
    await first.play(0, at);
    const saved = tf.tidy(() => copies(first.state.tensors(at)));
    const second = await tinyRun();
    second.state.restore(at, saved);
    tf.dispose(saved);
    await second.play(at, 8);
    expect(second.bits()).toEqual(whole.bits());
    for (const run of [whole, first, second]) run.dispose();
  },
);

it('holds weights, averages and the slots of this and later stages, by names that stay', async () => {
  const run = await tinyRun();
  const names = (step: number) => Object.keys(run.state.tensors(step));
  expect(names(0)).toEqual([
    'generator/generator/0-kernel',
    'generator/generator/1-bias',
    'generator/generator/2-gamma',
    'generator/generator/3-beta',
    'generator/generator/4-kernel',
    'generator/generator/5-bias',
    'generator/generator/6-moving_mean',
    'generator/generator/7-moving_variance',
    'discriminator/discriminator/0-kernel',
    'discriminator/discriminator/1-bias',
    'discriminator/discriminator/2-kernel',
    'discriminator/discriminator/3-bias',
    ...[
      '0-kernel',
      '1-bias',
      '2-gamma',
      '3-beta',
      '4-kernel',
      '5-bias',
      '6-moving_mean',
      '7-moving_variance',
    ].map((name) => `ema/generator/${name}`),
    'game/said',
    'loss/seen',
    'term/discriminator/drift/met',
  ]);
  await run.play(0, 2);
  expect(names(2)).toContain('optimizer/content/generator/generator/generator/0-kernel/m');
  await run.play(2, 6);
  const later = names(6).filter((name) => name.startsWith('optimizer/'));
  // The content stage's moments are of no more use, except those of the optimizer it shares.
  expect(later.filter((name) => name.startsWith('optimizer/content/generator'))).toEqual([]);
  expect(later).toContain('optimizer/adversarial/generator/generator/generator/0-kernel/momentum');
  expect(later).toContain(
    'optimizer/content/discriminator/discriminator/discriminator/0-kernel/updates',
  );
  run.dispose();
});

it('leaves no tensor behind', async () => {
  const run = await tinyRun();
  await run.play(0, 2);
  const saved = tf.tidy(() => copies(run.state.tensors(2)));
  const before = tf.memory().numTensors;
  run.state.restore(2, saved);
  run.state.tensors(2);
  expect(tf.memory().numTensors).toBe(before);
  tf.dispose(saved);
  run.dispose();
});

describe('restore refuses what is of another plan, and changes nothing', () => {
  const cases: [string, (tensors: Record<string, tf.Tensor>) => void, string][] = [
    [
      'a missing network',
      (all) => delete all['ema/generator/1-bias'],
      'restore: "ema/generator/1-bias" must be float32[12], got "nothing"; these are the tensors of other',
    ],
    [
      'another shape',
      (all) => (all['generator/generator/1-bias'] = tf.zeros([13])),
      'restore: "generator/generator/1-bias" must be float32[12], got "float32[13]"',
    ],
    [
      'an unknown tensor',
      (all) => (all['critic/critic/0-kernel'] = tf.zeros([1])),
      'restore: all must be of the plan, got "critic/critic/0-kernel"',
    ],
  ];
  it.each(cases)('%s', async (_, change, message) => {
    const run = await tinyRun();
    const before = run.bits();
    const tensors = tf.tidy(() => copies(run.state.tensors(0)));
    const first = 'generator/generator/0-kernel';
    tensors[first] = tf.ones(tensors[first]!.shape);
    change(tensors);
    expect(() => run.state.restore(0, tensors)).toThrow(message);
    expect(run.bits()).toEqual(before);
    run.dispose();
  });
});
