import { RandomStream, UsageError } from '@ganloom/core';
import {
  discriminatorTerm,
  disposeVariant,
  softplusLoss,
  tinyData,
  tinyVariant,
} from '@ganloom/tiny-gan';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EndEvent, MetricsEvent, TrainEvent } from './events';
import { exponentialMovingAverage } from './exponential-moving-average';
import type { Metric } from './metric';
import { stopAfter, type StopRule, whenNotImproved } from './stop-rule';
import { train, type TrainOptions } from './train';

beforeAll(() => tf.setBackend('cpu'));

/** Where it stops, shown these values one after the other, and what it says. */
function stopsAt(rule: StopRule, values: (number | undefined)[]): [number, string] | undefined {
  for (const [i, value] of values.entries()) {
    const metrics = value === undefined ? {} : { distance: value };
    const because = rule.examine({ step: 10 * i, seconds: i, metrics });
    if (because !== undefined) return [i, because];
  }
  return undefined;
}

describe('whenNotImproved', () => {
  it.each([
    ['two in vain', { patience: 2 }, [5, 4, 4.5, 4.1, 1], 3],
    ['an equal one is no better', { patience: 2 }, [5, 5, 5], 2],
    ['better ones begin anew', { patience: 2 }, [5, 6, 4, 6, 3, 6], undefined],
    ['steps without a value do not count', { patience: 2 }, [5, undefined, 6, undefined, 7], 4],
    ['larger', { patience: 1, better: 'larger' }, [1, 2, 3, 2.9], 3],
    ['not by enough', { patience: 2, least: 0.5 }, [5, 4.6, 4.5, 9], 2],
    ['exactly enough is not more', { patience: 1, least: 0.5 }, [5, 4.25, 3.75], 2],
    ['not finite', { patience: 2 }, [NaN, 5, NaN, Infinity], 3],
  ] as const)('%s', (_, options, values, at) => {
    const rule = whenNotImproved({ metric: 'distance', ...options });
    expect(stopsAt(rule, [...values])?.[0]).toBe(at);
  });

  it('says which value was not reached, and goes on to say so', () => {
    const rule = whenNotImproved({ metric: 'distance', patience: 2 });
    const because = '"distance" was not smaller than the 4 of step 10 2 times in a row';
    expect(stopsAt(rule, [5, 4, 6, 6])).toEqual([3, because]);
    expect(rule.examine({ step: 31, seconds: 4 })).toBe(because);
    const never = whenNotImproved({ metric: 'distance', patience: 1 });
    expect(stopsAt(never, [NaN])![1]).toContain('than a finite value 1 times');
  });
});

it('stopAfter counts seconds of training', () => {
  const rule = stopAfter({ seconds: 2.5 });
  expect(stopsAt(rule, [0, 0, 0, 0])).toEqual([3, '2.5 seconds of training are over']);
  expect(rule.examine({ step: 9, seconds: 2.5 })).toBeDefined();
});

it.each([
  [() => stopAfter({ seconds: 0 }), 'stopAfter: seconds must be a number above 0, got 0'],
  [() => whenNotImproved({ metric: 'a', patience: 0 }), 'patience must be a positive integer'],
  [
    () => whenNotImproved({ metric: 'a', patience: 1, least: -1 }),
    'least must be a number of at least 0, got -1',
  ],
])('refuses what makes no sense', (make, message) => {
  expect(make).toThrow(message);
  expect(make).toThrow(UsageError);
});

describe('train', () => {
  const run = async (options: Partial<TrainOptions>, more = {}) => {
    const variant = tinyVariant(1, more);
    const events: TrainEvent[] = [];
    const all = { steps: 20, batchSize: 8, random: RandomStream.fromSeed(5), ...options };
    try {
      for await (const event of train(variant, tinyData(), all)) events.push(event);
    } finally {
      disposeVariant(variant);
    }
    return { events, end: events.at(-1) as EndEvent };
  };
  /** 8, 7, 6, 6, 6, … */
  const distance: Metric = {
    name: 'distance',
    every: 2,
    value: ({ step }) => 9 - Math.min(step / 2, 3),
  };
  const patient = () => whenNotImproved({ metric: 'distance', patience: 2 });

  it('ends where a rule says, and says which and why', async () => {
    const { events, end } = await run({ metrics: [distance], stop: [patient()] });
    expect(end).toMatchObject({
      step: 10,
      reason: 'stopped',
      stopped: {
        rule: 'no improvement',
        because: '"distance" was not smaller than the 6 of step 6 2 times in a row',
      },
    });
    const measured = events
      .filter((event): event is MetricsEvent => event.type === 'metrics')
      .map(({ step, statistics }) => [step, statistics['distance']]);
    expect(measured).toEqual([
      [1, undefined],
      [2, 8],
      [4, 7],
      [6, 6],
      [8, 6],
      [10, 6],
    ]);
  });

  it('stops at the same step when it goes on, once its rules have seen the logged steps', async () => {
    const rule = patient();
    for (const step of [2, 4, 6, 8]) {
      rule.examine({ step, seconds: 0, metrics: { distance: 9 - Math.min(step / 2, 3) } });
    }
    const done = { step: 8, seconds: 1 };
    const { end } = await run({ metrics: [distance], stop: [rule], done });
    expect(end).toMatchObject({ step: 10, reason: 'stopped' });
    // A run that has ended ends again.
    expect(
      (await run({ stop: [rule], metrics: [distance], done: { step: 10, seconds: 1 } })).end,
    ).toMatchObject({ step: 10, reason: 'stopped' });
  });

  it('ends when the time is over, that of earlier parts included', async () => {
    const done = { step: 3, seconds: 59.9999 };
    const { end } = await run({ stop: [stopAfter({ seconds: 60 })], done });
    expect(end).toMatchObject({ step: 4, reason: 'stopped', stopped: { rule: 'time' } });
    expect((await run({ stop: [stopAfter({ seconds: 3600 })], steps: 3 })).end.reason).toBe(
      'steps',
    );
  });

  it('does not differ in its steps by what is measured, and metrics the same latents', async () => {
    const losses = async (options: Partial<TrainOptions>) =>
      (await run({ steps: 4, log: { every: 4 }, ...options })).end.losses;
    const drawn: number[] = [];
    const drawing: Metric = {
      name: 'drawn',
      every: 1,
      async value({ random }) {
        drawn.push(random.uniformNumber());
        return 0;
      },
    };
    expect(await losses({ metrics: [drawing] })).toEqual(await losses({}));
    expect(drawn).toHaveLength(4);
    expect(new Set(drawn).size).toBe(1);
  });

  it('metrics the averaged networks if there are some', async () => {
    const variant = tinyVariant();
    const ema = await exponentialMovingAverage(variant.game.generator.models);
    const seen: unknown[] = [];
    const looking: Metric = {
      name: 'looking',
      every: 1,
      value: ({ models }) => seen.push(models),
    };
    const options = { steps: 1, batchSize: 8, random: RandomStream.fromSeed(5), ema };
    for await (const _ of train(variant, tinyData(), { ...options, metrics: [looking] }));
    expect(seen).toEqual([ema.models]);
    ema.dispose();
    disposeVariant(variant);
  });

  it('refuses rules of unknown metrics, and names that are taken', async () => {
    const rule = whenNotImproved({ metric: 'distances', patience: 1 });
    await expect(run({ metrics: [distance], stop: [rule] })).rejects.toThrow(
      /^train: the stop rule "no improvement" needs one of the metrics discriminator, generator, .*, distance, got "distances"$/,
    );
    const penalty = discriminatorTerm({ name: 'penalty', value: ({ real }) => tf.mean(real) });
    const ofTerm = whenNotImproved({ metric: 'discriminator/penalty', patience: 99 });
    const { end } = await run({ stop: [ofTerm], steps: 1 }, { terms: [penalty] });
    expect(end.reason).toBe('steps');
    await expect(run({ metrics: [distance, distance] })).rejects.toThrow(
      'train: a metric needs a name of its own, got "distance" twice',
    );
    await expect(run({ metrics: [{ ...distance, name: 'generator' }] })).rejects.toThrow('twice');
    const saying = (name: string) => ({
      game: { ...tinyVariant().game, statistics: { [name]: tf.scalar(2) } },
    });
    await expect(run({}, saying('realLogit'))).rejects.toThrow(
      'train: a statistic of a game or a loss needs a name of its own, got "realLogit" twice',
    );
    const losing = (name: string) => ({
      loss: { ...softplusLoss, statistics: { [name]: tf.scalar(2) } },
    });
    await expect(run({}, losing('generator'))).rejects.toThrow('of a game or a loss needs');
    const ofLoss = whenNotImproved({ metric: 'multiplier', patience: 99 });
    const lost = await run({ stop: [ofLoss], steps: 1 }, losing('multiplier'));
    expect(lost.end.reason).toBe('steps');
    const ofGame = whenNotImproved({ metric: 'theirs', patience: 99 });
    expect((await run({ stop: [ofGame], steps: 1 }, saying('theirs'))).end.reason).toBe('steps');
    await expect(run({ metrics: [{ ...distance, every: 0 }] })).rejects.toThrow(
      'train: every of "distance" must be a positive integer, got 0',
    );
  });
});
