import { RandomStream, type Schedule } from '@ganloom/core';
import { checkAugmentation, expectNoLeak } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it, vi } from 'vitest';
import { adaptive } from './adaptive';
import { brightness } from './color';
import { instanceNoise } from './instance-noise';
import { scheduled } from './scheduled';
import { withProbability } from './with-probability';

beforeAll(async () => void (await tf.setBackend('cpu')));

const random = () => RandomStream.fromSeed(3);
const said = { logits: tf.zeros([1]) };
const falling: Schedule = { name: 'falling', at: (n) => Math.max(0, 0.5 - n / 8) };
const times = (factor: number) => (x: tf.Tensor) => tf.mul(x, factor);

it('asks the schedule with the updates of the discriminator made before', () => {
  const augment = scheduled(falling, times);
  const x = tf.tensor1d([8]);
  const values = Array.from({ length: 6 }, () => {
    // As often as it is shown something within an update.
    const shown = [0, 1].map(() => augment(x, random()).dataSync()[0]);
    expect(shown[1]).toBe(shown[0]);
    augment.observe!(said, said);
    return shown[0];
  });
  expect(values).toEqual([4, 3, 2, 1, 0, 0]);
  expect(augment.state!['updates']!).toBeAllclose([6]);
  expect(augment.state!['updates']!.trainable).toBe(false);
  tf.dispose([x, ...Object.values(augment.state!)]);
});

it('makes pictures as a constant of the same value does', async () => {
  const augment = scheduled(falling, (strength) => brightness({ strength }));
  const x = tf.zeros([3, 2, 2, 1]);
  for (const strength of [0.5, 0.375, 0.25]) {
    const expected = [...brightness({ strength })(x, random()).dataSync()];
    expect([...augment(x, random()).dataSync()]).toEqual(expected);
    augment.observe!(said, said);
  }
  await checkAugmentation(augment);
  tf.dispose([x, ...Object.values(augment.state!)]);
});

it('goes on from what a checkpoint holds, which is read once', () => {
  const [whole, resumed] = [scheduled(falling, times), scheduled(falling, times)];
  const x = tf.tensor1d([8]);
  const play = (augment: typeof whole, updates: number) =>
    Array.from({ length: updates }, () => {
      const [value] = augment(x, random()).dataSync();
      augment.observe!(said, said);
      return value;
    });
  play(whole, 2);
  const updates = resumed.state!['updates']!;
  tf.tidy(() => updates.assign(tf.mul(whole.state!['updates']!, tf.scalar(1, 'int32'))));
  const read = vi.spyOn(updates, 'dataSync');
  expect(play(resumed, 3)).toEqual(play(whole, 3));
  expect(read).toHaveBeenCalledTimes(1);
  tf.dispose([x, ...Object.values(whole.state!), ...Object.values(resumed.state!)]);
});

it('makes an augmentation when the value changes, and no tensors that stay', () => {
  const make = vi.fn<typeof times>(times);
  const augment = scheduled({ name: 'steps', at: (n) => Math.floor(n / 2) }, make);
  const x = tf.ones([2]);
  expectNoLeak(() => {
    for (let i = 0; i < 4; i++) {
      augment(x, random()).dispose();
      augment.observe!(said, said);
    }
  });
  expect(make.mock.calls).toEqual([[0], [1]]);
  tf.dispose([x, ...Object.values(augment.state!)]);
});

it('holds, shows and tells what the augmentation does', () => {
  const inner = adaptive({ augmentations: [times(2)], every: 1, examples: 1 });
  const augment = withProbability(falling, inner);
  expect(Object.keys(augment.state!)).toEqual([
    ...['updates', 'inner-probability', 'inner-signs', 'inner-updates'],
  ]);
  expect(augment.statistics).toBe(inner.statistics);
  const x = tf.ones([1, 1]);
  augment(x, random()).dispose();
  augment.observe!({ logits: tf.ones([1]) }, said);
  expect(inner.state!['probability']!).toBeAllclose([1]);
  expect(augment.state!['updates']!).toBeAllclose([1]);
  const twice = instanceNoise({ stddev: falling });
  expect(Object.keys(withProbability(falling, twice).state!)).toEqual(['updates', 'inner-updates']);
});

it('says what it cannot take', () => {
  const x = tf.ones([1]);
  const forgetting = scheduled(falling, (stddev) =>
    instanceNoise({ stddev: { name: 'inner', at: () => stddev } }),
  );
  forgetting.observe!(said, said);
  expect(() => forgetting(x, random())).toThrow(
    'scheduled: what an augmentation remembers must be the same for all values, got [updates]; make it',
  );
  const rising = withProbability({ name: 'rising', at: (n) => 1 + n }, times(2));
  rising.observe!(said, said);
  expect(() => rising(x, random())).toThrow(
    'withProbability: probability must be a number from 0 to 1, got 2',
  );
  expect(() => scheduled({ name: 'none', at: () => NaN }, times)).toThrow(
    'the schedule "none": after 0 updates it must be a finite number, got NaN; see its at()',
  );
});
