import type { Dataset, Game } from '@ganloom/core';
import { RandomStream } from '@ganloom/core';
import { disposeVariant, tinyVariant } from '@ganloom/tiny-gan';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import type { Scalars } from '../events';
import { runTraining } from '../run-training';
import { train } from '../train';
import { healthMonitor } from './health-monitor';

beforeAll(() => tf.setBackend('cpu'));

const CLASSES = 6;
/** Six tones, each a little lighter or darker from picture to picture. */
const toneOf = (kind: number, place: number) => (kind - 2.5) / 3 + Math.sin(7 * place) / 30;

const data: Dataset = {
  name: 'tones',
  size: 120,
  shapes: { images: [8, 8, 1], labels: [] },
  classNames: ['a', 'b', 'c', 'd', 'e', 'f'],
  batch: (indices) => {
    const places = Array.from(indices);
    return {
      images: tones(places.map((i) => toneOf(i % CLASSES, i))),
      labels: tf.tensor1d(
        places.map((i) => i % CLASSES),
        'int32',
      ),
    };
  },
};

const tones = (values: number[]) =>
  tf.tidy(() => tf.mul(tf.ones([1, 8, 8, 1]), tf.reshape(values, [-1, 1, 1, 1]))) as tf.Tensor4D;

/** Trains while the game shows, of each of 60 places, what a generator would draw there. */
async function watched(drawn: (asked: number, place: number) => number) {
  const variant = tinyVariant();
  const asked = Array.from({ length: 60 }, (_, i) => Math.floor((i * CLASSES) / 60));
  const show: Game['show'] = () => ({
    pictures: tones(asked.map((label, i) => toneOf(drawn(label, i), 1000 + i))),
    labels: tf.tensor1d(asked, 'int32'),
  });
  const monitor = healthMonitor({ warn: () => {} });
  let last: Scalars = {};
  const events = train({ ...variant, game: { ...variant.game, show } }, data, {
    steps: 3,
    batchSize: 8,
    random: RandomStream.fromSeed(5),
    samples: { every: 1, count: 60 },
  });
  await runTraining(events, [
    monitor.sink,
    (event) => {
      if (event.type === 'metrics') last = event.statistics;
      if (event.type !== 'samples' || event.samples.kind !== 'pictures') return;
      expect([...event.samples.labels!]).toEqual(asked);
    },
  ]);
  disposeVariant(variant);
  return { names: monitor.verdicts().map(({ name }) => name), last };
}

it('a run that draws what it is asked for is healthy', async () => {
  const { names, last } = await watched((asked) => asked);
  expect(names).toEqual([]);
  expect(last['classAgreement']).toBeCloseTo(1, 1);
  expect(last['pictureCoverage']).toBeGreaterThan(0.85);
});

it('one that draws two of six kinds, whatever it is asked for, is not', async () => {
  const { names, last } = await watched((_, place) => 2 + (place % 2));
  expect(names).toContain('modes missing');
  expect(names).toContain('classes ignored');
  expect(last['classAgreement']).toBeLessThan(0.1);
  expect(last['pictureCoverage']).toBeLessThan(0.45);
});

it('one that draws all kinds in the wrong rows ignores its classes, and leaves none out', async () => {
  const { names } = await watched((asked, place) => (asked + place) % CLASSES);
  expect(names).toEqual(['classes ignored']);
});
