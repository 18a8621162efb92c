import { type Batch, type Game, RandomStream } from '@ganloom/core';
import { forward } from '@ganloom/gradients';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { checkGame } from './check-game';

beforeAll(async () => void (await tf.setBackend('cpu')));

const { dense } = tf.layers;
const network = (from: number, to: number) =>
  tf.sequential({ layers: [dense({ inputShape: [from], units: to })] });
const batch: Batch = { points: tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]) };
const count = (of: Batch) => of['points']!.shape[0]!;

/** The game of Goodfellow et al. on points. */
function points(more: (game: Game<tf.Tensor>) => Partial<Game<tf.Tensor>> = () => ({})) {
  const [generator, discriminator] = [network(3, 2), network(2, 1)];
  const run = (model: tf.LayersModel, x: tf.Tensor, training: boolean, random: RandomStream) =>
    forward(model, x, { training, random: random.fork('layers') });
  const latents = (of: Batch, random: RandomStream) => random.normal([count(of), 3]);
  const game: Game<tf.Tensor> = {
    name: 'points',
    generator: { models: { generator } },
    discriminator: { models: { discriminator } },
    real: (of) => of['points']!,
    origin: (of, random) => ({ latents: latents(of, random) }),
    fake: (of, random, from = { latents: latents(of, random) }) =>
      run(generator, from['latents']!, true, random),
    critique: (x, _, random) => ({ logits: run(discriminator, x, true, random) }),
    show: (of, random, models) => ({
      points: run(models['generator']!, latents(of, random), false, random) as tf.Tensor2D,
    }),
  };
  return { ...game, ...more(game) };
}

it('passes a right game', () => checkGame(points(), batch));

it('passes one that shows nothing, or remembers something', () => {
  const { show: _, origin: __, ...silent } = points();
  checkGame(silent, batch);
  const met = tf.variable(tf.scalar(0), false) as tf.Scalar & tf.Variable;
  const told = points(() => ({
    state: { met },
    statistics: { met },
    observe: () => tf.tidy(() => met.assign(tf.add(met, 1))),
  }));
  checkGame(told, batch);
  // It is told in thought alone.
  expect([...met.dataSync()]).toEqual([0]);
  met.dispose();
});

it('leaves weights as they are, and networks that learn in passing too', () => {
  const normalized = tf.sequential({
    layers: [dense({ inputShape: [3], units: 2 }), tf.layers.batchNormalization()],
  });
  const before = normalized.getWeights().map((weight) => [...weight.dataSync()]);
  checkGame(
    points(({ origin }) => ({
      generator: { models: { generator: normalized } },
      fake: (of, random, { latents } = origin!(of, random)) =>
        forward(normalized, latents!, { training: true, random }),
    })),
    batch,
  );
  expect(normalized.getWeights().map((weight) => [...weight.dataSync()])).toEqual(before);
});

it('refuses pictures that ignore an origin, whose members are handed through', () => {
  const { generator, discriminator, ...rest } = points();
  const [draw, judge] = [generator.models['generator']!, discriminator.models['discriminator']!];
  const originOf = (of: Batch, random: RandomStream) => ({
    latents: random.fork('latents').normal([count(of), 3]),
    codes: random.fork('codes').normal([count(of), 3]),
  });
  const game = (names: readonly string[]): Game<Readonly<Record<string, tf.Tensor>>> => ({
    name: rest.name,
    generator,
    discriminator,
    real: (of) => ({ points: of['points']! }),
    origin: originOf,
    fake(of, random, from = originOf(of, random)) {
      const given = names.map((name) => from[name]);
      const x = given.reduce<tf.Tensor>((sum, one) => tf.add(sum, one!), tf.zeros([count(of), 3]));
      return { points: forward(draw, x, { training: true, random }), codes: from['codes']! };
    },
    critique: ({ points: x }, _, random) => ({
      logits: forward(judge, x!, { training: true, random }),
    }),
  });
  checkGame(game(['latents', 'codes']), batch);
  expect(() => checkGame(game(['latents']), batch)).toThrow('fakes of another origin: other codes');
  expect(() => checkGame(game(['codes']), batch)).toThrow('fakes of another origin: other latents');
});

const other = network(2, 1);
let calls = 0;
it.each<[string, (game: Game<tf.Tensor>) => Partial<Game<tf.Tensor>>, string | RegExp]>([
  ['a name', () => ({ name: '' }), "not to be ''"],
  ['a side', () => ({ generator: { models: {} } }), 'models of the generator'],
  [
    'a count of fakes',
    ({ fake }) => ({ fake: (of, random) => tf.slice(fake(of, random), 0, 2) }),
    'examples of the sample in a sample',
  ],
  ['a count of logits', () => ({ packDegree: 3 }), 'logits of real samples'],
  [
    'a shape',
    ({ fake }) => ({ fake: (of, random) => tf.tile(fake(of, random), [1, 2]) }),
    'fakes of the sample',
  ],
  [
    'a critique that is not finite',
    () => ({ critique: (x) => ({ logits: tf.log(tf.mul(tf.sum(x, 1, true), 0)) }) }),
    'a value of logits that is not finite',
  ],
  [
    'chances of its own',
    ({ fake }) => ({ fake: (of) => fake(of, RandomStream.fromSeed(calls++)) }),
    'the same stream gives the same bits',
  ],
  [
    'a network that learns nothing',
    ({ discriminator }) => ({ discriminator: { models: { ...discriminator.models, other } } }),
    /a gradient of other\/.*kernel of the discriminator/,
  ],
  [
    'fakes without a gradient',
    ({ fake }) => ({
      fake: (...given) => {
        const made = fake(...given);
        return tf.tensor(made.dataSync(), made.shape);
      },
    }),
    'Cannot find a connection between any variable',
  ],
  [
    'an origin of other rows',
    ({ origin }) => ({
      origin: (of, random) => ({ latents: tf.slice(origin!(of, random)['latents']!, 0, 2) }),
    }),
    'rows of latents of the origin',
  ],
  [
    'an origin that fakes are not made from',
    ({ fake }) => ({ fake: (of, random) => fake(of, random) }),
    'fakes of another origin',
  ],
  [
    'an origin of another stream',
    ({ origin }) => ({ origin: (of, random) => origin!(of, random.fork('other')) }),
    'fakes of the origin of the stream',
  ],
  [
    'what it shows',
    ({ show }) => ({
      show: (of, random, models) => ({
        pictures: (show!(of, random, models) as { points: tf.Tensor }).points as tf.Tensor4D,
      }),
    }),
    'the rank of what is shown',
  ],
  [
    'whose networks draw',
    ({ show, generator }) => ({ show: (of, random) => show!(of, random, generator.models) }),
    'show draws without the networks it is to be given',
  ],
  [
    'weights that show changes',
    ({ show, generator }) => ({
      show: (of, random, models) => {
        const [kernel] = generator.models['generator']!.weights;
        const variable = kernel!.read() as tf.Variable;
        variable.assign(tf.add(variable, 1));
        return show!(of, random, models);
      },
    }),
    'weights after show',
  ],
  [
    'a statistic',
    () => ({ statistics: { loose: tf.scalar(1) } }),
    'the statistic loose is part of the state',
  ],
  ['a leak', ({ fake }) => ({ fake: (...given) => tf.keep(fake(...given)) }), 'undisposed'],
])('refuses %s that is wrong', (_, wrong, message) => {
  expect(() => checkGame(points(wrong), batch)).toThrow(message);
});
