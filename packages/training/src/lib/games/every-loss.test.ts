import { useBackend } from '@ganloom/backends';
import {
  type AdversarialLoss,
  type Batch,
  type Game,
  RandomStream,
  type Term,
} from '@ganloom/core';
import { forward } from '@ganloom/gradients';
import {
  began,
  consistency,
  dragan,
  ebgan,
  featureMatching,
  fGan,
  gaussianCode,
  historicalAveraging,
  klDivergence,
  mmdGan,
  mutualInformation,
  nonSaturating,
  pullingAway,
  totalVariation,
  witnessPenalty,
} from '@ganloom/losses';
import { disposeVariant } from '@ganloom/tiny-gan';
import { adam } from '@ganloom/optimizers';
import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { lossesOf, type Parts, play, tinyNetwork } from '../../../test/tiny-games';
import { trainingState } from '../training-state';

beforeAll(async () => void (await useBackend('wasm', { threads: 1 })));

const PICTURE = [2, 2, 1];
const FEATURES = [3];
const STYLE = 1;

/** A game whose critiques have all that losses and terms ask for. */
function richGame(): Game<Parts> {
  const random = RandomStream.fromSeed(1);
  const generator = tinyNetwork(random.fork('g'), [2 + STYLE], PICTURE, 'tanh');
  const encoder = tinyNetwork(random.fork('e'), PICTURE, FEATURES);
  const decoder = tinyNetwork(random.fork('d'), FEATURES, PICTURE, 'tanh');
  const judge = tinyNetwork(random.fork('j'), FEATURES, [1]);
  const recognition = tinyNetwork(random.fork('q'), FEATURES, [STYLE]);
  return {
    name: 'rich',
    generator: { models: { generator } },
    discriminator: { models: { encoder, decoder, judge, recognition } },
    real: ({ images }) => ({ images: images! }),
    fake({ images }, chances) {
      const { shape } = images!;
      const style = chances.fork('style').uniform([shape[0]!, STYLE], -1, 1);
      const noise = chances.fork('noise').normal([shape[0]!, 2]);
      const latents = tf.concat([noise, style], 1);
      const random = chances.fork('layers');
      return { images: forward(generator, latents, { training: true, random }), style };
    },
    critique({ images }, _, chances) {
      const run = (network: tf.LayersModel, x: tf.Tensor) =>
        forward(network, x, { training: true, random: chances.fork('layers') });
      const features = run(encoder, images!);
      const error = tf.sub(run(decoder, features), images!);
      return {
        features,
        logits: run(judge, features),
        energy: tf.mean(tf.abs(error), [1, 2, 3]),
        styleMean: run(recognition, features),
      };
    },
    show: ({ images }) => ({ pictures: tf.zerosLike(images!) as tf.Tensor4D }),
  };
}

const data = {
  name: 'tones',
  size: 32,
  shapes: { images: [2, 2, 1] },
  batch: (indices: ArrayLike<number>): Batch => ({
    images: tf.tensor4d(
      Array.from(indices).flatMap((i) => [0, 1, 2, 3].map((p) => Math.sin(i + p))),
      [indices.length, 2, 2, 1],
    ),
  }),
};

interface Learning {
  readonly loss?: AdversarialLoss;
  readonly terms?: readonly Term[];
}

it.each([
  ['began', () => ({ loss: began({ balanceRate: 0.1 }) }), ['loss/balance']],
  ['ebgan', () => ({ loss: ebgan({ margin: 1 }), terms: [pullingAway()] }), []],
  ['f-gan', () => ({ loss: fGan({ divergence: klDivergence }) }), []],
  ['dragan', () => ({ terms: [dragan()] }), []],
  ['mmd-gan', () => ({ loss: mmdGan(), terms: [witnessPenalty()] }), []],
  ['consistency', () => ({ terms: [consistency({ augment: (x) => tf.reverse(x, 2) })] }), []],
  ['feature matching', () => ({ terms: [featureMatching()] }), []],
  [
    'historical averaging',
    ({ generator, discriminator }) => ({
      terms: [
        historicalAveraging({ player: 'generator', models: generator.models }),
        historicalAveraging({ player: 'discriminator', models: discriminator.models }),
      ],
    }),
    [
      'term/generator/historical-averaging/count',
      'term/discriminator/historical-averaging/count',
      'term/discriminator/historical-averaging/judge/0-kernel',
    ],
  ],
  ['total variation', () => ({ terms: [totalVariation()] }), []],
  [
    'Gaussian codes',
    () => ({
      terms: (['generator', 'discriminator'] as const).map((player) =>
        mutualInformation({ codes: [gaussianCode()], player }),
      ),
    }),
    [],
  ],
] as [string, (game: Game<Parts>) => Learning, string[]][])(
  '%s trains both sides, resumes to the same bits and leaves no tensor',
  async (_, learning, remembered) => {
    const run = () => {
      const game = richGame();
      const { loss = nonSaturating(), terms = [] } = learning(game);
      const variant = {
        name: 'rich',
        game,
        loss,
        terms: terms as readonly Term<Parts>[],
        optimizers: {
          generator: adam({ learningRate: 0.02 }),
          discriminator: adam({ learningRate: 0.02 }),
        },
      };
      const state = trainingState(variant);
      const bits = (step: number) =>
        Object.fromEntries(
          Object.entries(state.tensors(step)).map(([name, x]) => [name, [...x.dataSync()]]),
        );
      const dispose = () => {
        disposeVariant(variant);
        tf.dispose([loss, ...terms].map((one) => Object.values(one.state ?? {})));
      };
      return { variant, state, bits, dispose };
    };
    await expectNoLeak(async () => {
      const whole = run();
      const before = whole.bits(0);
      const events = await play(whole.variant, data, { steps: 5 });
      const after = whole.bits(5);
      for (const name of ['generator/generator', 'discriminator/encoder', ...remembered]) {
        const changed = Object.keys(before).filter(
          (key) => key.startsWith(name) && `${before[key]}` !== `${after[key]}`,
        );
        expect(changed, name).not.toEqual([]);
      }
      for (const { player, name } of whole.variant.terms) {
        expect(lossesOf(events, `${player}/${name}`).every(Number.isFinite)).toBe(true);
      }

      const first = run();
      await play(first.variant, data, { steps: 3 });
      const saved = tf.tidy(() =>
        Object.fromEntries(
          Object.entries(first.state.tensors(3)).map(([name, x]) => [
            name,
            tf.keep(tf.mul(x, tf.scalar(1, x.dtype))),
          ]),
        ),
      );
      const second = run();
      second.state.restore(3, saved);
      tf.dispose(saved);
      await play(second.variant, data, { steps: 5, done: { step: 3, seconds: 0 } });
      expect(second.bits(5)).toEqual(after);
      for (const one of [whole, first, second]) one.dispose();
    });
  },
);
