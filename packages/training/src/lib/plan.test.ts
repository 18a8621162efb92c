import { type Batch, RandomStream, type Stage, type Term } from '@ganloom/core';
import { disposeVariant, tinyData, tinyVariant, weightsOf } from '@ganloom/tiny-gan';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TrainEvent } from './events';
import { train, type TrainOptions } from './train';

beforeAll(() => tf.setBackend('cpu'));

type TinyStage = Stage<tf.Tensor>;

/** Pulls generated pictures towards the real ones, pixel by pixel. */
const content: Term<tf.Tensor> = {
  name: 'content',
  player: 'generator',
  weight: 1,
  value: ({ real, fake }) => tf.mean(tf.square(tf.sub(real, fake))),
};

/** What SRGAN does: the generator alone first, then both. */
function contentThenAdversarial(): [TinyStage, TinyStage] {
  const { loss, ...common } = tinyVariant(1, { terms: [content] });
  return [
    { name: 'content', steps: 3, variant: common },
    { name: 'adversarial', steps: 2, variant: { ...common, loss: loss!, discriminatorSteps: 2 } },
  ];
}

async function run(
  plan: Parameters<typeof train<tf.Tensor>>[0],
  data = tinyData(),
  options: Partial<TrainOptions> = {},
) {
  const events: TrainEvent[] = [];
  const all = { batchSize: 8, random: RandomStream.fromSeed(5), ...options };
  for await (const event of train(plan, data, all)) events.push(event);
  return events;
}

describe('stages', () => {
  it('follow each other with one count of steps, and events say which is on', async () => {
    const stages = contentThenAdversarial();
    const events = await run(stages, tinyData(), {
      log: { every: 10 },
      samples: { every: 2, count: 3 },
    });
    const said = events.map((event) =>
      [event.type, event.step, 'stage' in event ? event.stage : ''].join(' ').trim(),
    );
    expect(said).toEqual([
      'start 0',
      'stage 0 content',
      'metrics 1 content',
      'step 1 content',
      'metrics 2 content',
      'samples 2 content',
      'step 2 content',
      'metrics 3 content',
      'samples 3 content',
      'step 3 content',
      'stage 3 adversarial',
      'metrics 4 adversarial',
      'samples 4 adversarial',
      'step 4 adversarial',
      'metrics 5 adversarial',
      'samples 5 adversarial',
      'step 5 adversarial',
      'end 5',
    ]);
    expect(events.find(({ type }) => type === 'start')).toMatchObject({ steps: 5 });
    disposeVariant(stages[1].variant);
  });

  it('without a loss train the generator alone, by its terms', async () => {
    const stages = contentThenAdversarial();
    const { game } = stages[0].variant;
    const weights = (player: 'generator' | 'discriminator') =>
      Object.values(game[player].models).flatMap((m) =>
        m.getWeights().flatMap((w) => [...w.dataSync()]),
      );
    const before = { g: weights('generator'), d: weights('discriminator') };
    const events = await run(stages.slice(0, 1));
    expect(weights('discriminator')).toEqual(before.d);
    expect(weights('generator')).not.toEqual(before.g);
    const metrics = events.filter((event) => event.type === 'metrics');
    expect(Object.keys(metrics[0]!.losses)).toEqual(['generator/content']);
    expect(Object.keys(metrics[0]!.statistics)).toEqual(['generatorGradientNorm']);
    expect(metrics.at(-1)!.losses['generator/content']).toBeLessThan(
      metrics[0]!.losses['generator/content']!,
    );
    disposeVariant(stages[0].variant);
  });

  it('take the data up where the stage before left them', async () => {
    const stages = contentThenAdversarial();
    const data = tinyData();
    await run(stages, data);
    // One batch in each of 3 steps, two in each of 2; then the order of a run of single batches.
    const alone = tinyVariant();
    const inOrder = tinyData();
    await run(alone, inOrder, { steps: 7 });
    expect(data.asked).toEqual(inOrder.asked);
    // And from anywhere: steps 4 and 5 take the batches 3 to 6.
    const rest = tinyData();
    const events = await run(stages, rest, { done: { step: 4, seconds: 100 } });
    expect(rest.asked).toEqual(inOrder.asked.slice(5));
    expect(events[1]).toEqual({ type: 'stage', stage: 'adversarial', step: 4, start: 3, end: 5 });
    expect(events.at(-1)).toMatchObject({ step: 5, seconds: expect.closeTo(100, -1) });
    disposeVariant(stages[1].variant);
    disposeVariant(alone);
  });
});

it('gives the pictures the same examples each time, from their own data if they have some', async () => {
  const variant = tinyVariant();
  const seen: number[][] = [];
  const watched = {
    ...variant,
    game: {
      ...variant.game,
      show: ({ images }: Batch) => {
        seen.push([...tf.slice(images!, [0, 0, 0, 0], [-1, 1, 1, 1]).dataSync()]);
        return { pictures: tf.clone(images!) as tf.Tensor4D };
      },
    },
  };
  const shown = tinyData(3, (i) => i / 4);
  const data = tinyData();
  const before = tf.memory().numTensors;
  await run(watched, data, { steps: 2, samples: { every: 1, count: 5, data: shown } });
  expect(seen[0]).toHaveLength(5);
  // Five of three: each once, then again from the beginning.
  expect(new Set(seen[0]!.slice(0, 3))).toEqual(new Set([0, 0.25, 0.5]));
  expect(seen[0]!.slice(3)).toEqual(seen[0]!.slice(0, 2));
  expect(seen[1]).toEqual(seen[0]);
  expect(data.asked).toHaveLength(2);
  for (const optimizer of Object.values(variant.optimizers)) optimizer.dispose();
  expect(tf.memory().numTensors).toBe(before);
  disposeVariant(variant);
});

it('gives each batch of data random numbers of its own, by position', async () => {
  const numbers = async (done: number) => {
    const variant = tinyVariant();
    const drawn: number[] = [];
    const data = tinyData();
    const cutting = {
      ...data,
      batch: (indices: ArrayLike<number>, random?: RandomStream) => {
        drawn.push(random!.uniformNumber());
        return data.batch(indices);
      },
    };
    await run(variant, cutting as typeof data, { steps: 4, done: { step: done, seconds: 0 } });
    disposeVariant(variant);
    return drawn;
  };
  const all = await numbers(0);
  expect(new Set(all).size).toBe(4);
  expect(await numbers(2)).toEqual(all.slice(2));
});

describe('a plan is refused', () => {
  const variant = () => tinyVariant();
  const stage = (name: string, steps = 1) => ({ name, steps, variant: variant() });
  const cases: [string, () => Promise<unknown>, string][] = [
    ['a variant without steps', () => run(variant()), 'a variant needs `steps`, got none'],
    [
      'steps beside stages',
      () => run([stage('a')], tinyData(), { steps: 1 }),
      'leave out `steps`, got 1',
    ],
    ['no stages', () => run([]), 'each with a name of its own, got []'],
    ['equal names', () => run([stage('a'), stage('a')]), 'each with a name of its own, got [a, a]'],
    [
      'a stage of no steps',
      () => run([stage('a', 0)]),
      'steps of "a" must be a positive integer, got 0',
    ],
    [
      'a loss without an optimizer',
      () =>
        run(
          { ...variant(), optimizers: { generator: variant().optimizers.generator } },
          tinyData(),
          { steps: 1 },
        ),
      'the variant "tiny" has a loss, so it needs an optimizer of the discriminator',
    ],
    [
      'nothing to descend',
      () => {
        const { loss: _, ...rest } = tinyVariant(1, { terms: [{ ...content, every: 2 }] });
        return run(rest, tinyData(), { steps: 1 });
      },
      'the variant "tiny" has no loss, so it needs a term of the generator in every step',
    ],
    [
      'two terms of one name',
      () => run(tinyVariant(1, { terms: [content, content] }), tinyData(), { steps: 1 }),
      'each term of "tiny" needs a name of its own, got "generator/content" twice',
    ],
  ];
  it.each(cases)('%s', async (_, training, message) => {
    await expect(training()).rejects.toThrow(message);
  });
});

it('gives the same bits for a stage of a plan as for the variant alone', async () => {
  const alone = tinyVariant();
  await run(alone, tinyData(), { steps: 3 });
  const staged = tinyVariant();
  await run([{ name: 'only', steps: 3, variant: staged }]);
  expect(weightsOf(staged)).toEqual(weightsOf(alone));
  [alone, staged].forEach(disposeVariant);
});
