import { type Batch, type Game, RandomStream } from '@ganloom/core';
import { forward } from '@ganloom/gradients';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import {
  checkConditioning,
  type ClassedPictures,
  type MakeClassedGame,
} from './check-conditioning';

beforeAll(async () => void (await tf.setBackend('cpu')));

const CLASSES = 3;
const { concatenate, dense, embedding, flatten, reshape } = tf.layers;
const apply = (layer: tf.layers.Layer, x: tf.SymbolicTensor | tf.SymbolicTensor[]) =>
  layer.apply(x) as tf.SymbolicTensor;

interface Wrong {
  /** Whether the generator looks at its class. */
  readonly deaf?: boolean;
  readonly unseeded?: boolean;
  readonly ownLabels?: boolean;
  readonly nameless?: boolean;
}

/** A vector of the class beside the latent, and one beside the pictures. */
function small({ seed, degree }: MakeClassedGame, wrong: Wrong = {}): Game<ClassedPictures> {
  const seeded = (i: number) =>
    tf.initializers.randomNormal({ stddev: 1, seed: wrong.unseeded ? 5 : 10 * seed + i });
  const vectorOf = (label: tf.SymbolicTensor, i: number) =>
    apply(
      flatten(),
      apply(
        embedding({ inputDim: CLASSES, outputDim: 2, embeddingsInitializer: seeded(i) }),
        label,
      ),
    );
  const latent = tf.input({ shape: [4] });
  const label = tf.input({ shape: [1], dtype: 'int32' });
  const vector = vectorOf(label, 1);
  const heard = wrong.deaf
    ? apply(
        dense({ units: 2, kernelInitializer: 'zeros', trainable: false, useBias: false }),
        vector,
      )
    : vector;
  const values = apply(
    dense({ units: 4, kernelInitializer: seeded(2) }),
    apply(concatenate(), [latent, heard]),
  );
  const generator = tf.model({
    inputs: [latent, label],
    outputs: apply(reshape({ targetShape: [2, 2, 1] }), values),
  });
  const pictures = tf.input({ shape: [2, 2, degree] });
  const labels = tf.input({ shape: [degree], dtype: 'int32' });
  const discriminator = tf.model({
    inputs: [pictures, labels],
    outputs: apply(
      dense({ units: 1, kernelInitializer: seeded(3) }),
      apply(concatenate(), [apply(flatten(), pictures), vectorOf(labels, 4)]),
    ),
  });
  const draw = (batch: Batch, random: RandomStream) => {
    const column = tf.reshape(batch['labels']!, [-1, 1]);
    return forward<tf.Tensor4D>(generator, [random.normal([column.shape[0]!, 4]), column], {
      training: true,
    });
  };
  return {
    name: 'small',
    generator: { models: { generator } },
    discriminator: { models: { discriminator } },
    ...(!wrong.nameless && {
      samplers: {
        generator: {
          inputs: [
            { kind: 'normal', shape: [4] },
            { kind: 'class', classes: CLASSES },
          ],
        },
      },
    }),
    real: (batch) => ({ images: batch['images'] as tf.Tensor4D, labels: batch['labels']! }),
    fake: (batch, random) => ({
      images: draw(batch, random),
      labels: wrong.ownLabels ? tf.zerosLike(batch['labels']!) : batch['labels']!,
    }),
    critique: ({ images, labels: seen }) => ({
      logits: forward<tf.Tensor>(discriminator, [images, tf.reshape(seen, [-1, degree])], {
        training: true,
      }),
    }),
  };
}

const batch: Batch = {
  images: tf.tensor4d(
    Array.from({ length: 16 }, (_, i) => i / 8 - 1),
    [4, 2, 2, 1],
  ),
  labels: tf.tensor1d([0, 1, 2, 1], 'int32'),
};

it('passes a right one, and leaves no tensor over', async () => {
  await checkConditioning(small, batch);
  const before = tf.memory().numTensors;
  await checkConditioning(small, batch);
  expect(tf.memory().numTensors).toBe(before);
});

it.each<[string, Wrong, string]>([
  ['makes the same of each class', { deaf: true }, 'the picture of class 1 beside that of class 0'],
  ['has the same weights for each seed', { unseeded: true }, 'other weights for another seed'],
  ['shows other classes than those asked for', { ownLabels: true }, 'classes of fakes'],
  ['does not say which input takes the class', { nameless: true }, '"samplers" must say'],
])('refuses one that %s', async (_, wrong, message) => {
  await expect(checkConditioning((how) => small(how, wrong), batch)).rejects.toThrow(message);
});
