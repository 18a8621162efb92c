import type { RandomStream } from '@ganloom/core';
import { memoryStore, saveModel } from '@ganloom/storage';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { labeled, splitEveryTenth } from './data-parts';
import { generate } from './generate';
import { loadSavedGenerator } from './saved-generator';

beforeAll(async () => void (await tf.setBackend('cpu')));

/** z and a class to a picture of 2×2. */
function network(inputs: readonly tf.SymbolicTensor[]): tf.LayersModel {
  const flat = inputs.map((input) =>
    input.dtype === 'int32'
      ? (tf.layers
          .flatten()
          .apply(
            tf.layers.embedding({ inputDim: 3, outputDim: 2 }).apply(input),
          ) as tf.SymbolicTensor)
      : input,
  );
  const all =
    flat.length > 1 ? (tf.layers.concatenate().apply(flat) as tf.SymbolicTensor) : flat[0]!;
  const values = tf.layers.dense({ units: 4, activation: 'tanh' }).apply(all);
  const pictures = tf.layers.reshape({ targetShape: [2, 2, 1] }).apply(values);
  return tf.model({ inputs: [...inputs], outputs: pictures as tf.SymbolicTensor });
}
const latent = () => tf.input({ shape: [4] });
const label = () => tf.input({ shape: [1], dtype: 'int32' });

async function saved(model: tf.LayersModel, metadata?: Readonly<Record<string, unknown>>) {
  const store = memoryStore('generator');
  await saveModel(model, store, metadata);
  model.dispose();
  return store;
}

it.each<[string, object]>([
  ['says that it draws from something else', { sampler: null }],
  ['has fewer inputs', { sampler: { inputs: [] } }],
  ['has another latent', { sampler: { inputs: [{ kind: 'normal', shape: [5] }] } }],
  ['has an unknown input', { sampler: { inputs: [{ kind: 'uniform', shape: [4] }] } }],
  ['takes a class where a latent is', { sampler: { inputs: [{ kind: 'class', classes: 4 }] } }],
])('refuses a network whose sampler %s', async (_, ganloom) => {
  const store = await saved(network([latent()]), { ganloom });
  const before = tf.memory().numTensors;
  await expect(loadSavedGenerator(store)).rejects.toThrow(
    'must hold a generator that draws from latents and classes',
  );
  expect(tf.memory().numTensors).toBe(before);
});

it('takes one that was saved without a sampler by its inputs', async () => {
  const { model, sampler } = await loadSavedGenerator(await saved(network([latent()])));
  expect(sampler).toEqual({ inputs: [{ kind: 'normal', shape: [4] }] });
  model.dispose();
});

it('calls classes without names by numbers, wherever the class stands among the inputs', async () => {
  const inputs = [
    { kind: 'class', classes: 3 },
    { kind: 'normal', shape: [4] },
  ];
  const store = await saved(network([label(), latent()]), {
    ganloom: { sampler: { inputs, classNames: ['one', 'two'] } },
  });
  const { model, sampler } = await loadSavedGenerator(store);
  expect(sampler.classNames).toEqual(['0', '1', '2']);
  const { labels } = await generate(model, sampler, { count: 4 });
  expect([...labels!]).toEqual([0, 0, 1, 2]);
  const nameless = { inputs: sampler.inputs };
  expect([...(await generate(model, nameless, { count: 1, label: '2' })).labels!]).toEqual([2]);
  model.dispose();
});

it('keeps what a data set of a class does', async () => {
  class Mine {
    readonly name = 'mine';
    readonly size = 20;
    readonly shapes = { images: [1], labels: [] };
    readonly labels = Int32Array.of(0, 2, 1);
    batch(indices: ArrayLike<number>, _random?: RandomStream) {
      return { images: tf.tensor2d(Array.from(indices), [indices.length, 1]) };
    }
  }
  const data = labeled(new Mine());
  expect(data.classNames).toEqual(['0', '1', '2']);
  const { train, test } = splitEveryTenth(data);
  expect([train.size, test.size, test.classNames]).toEqual([18, 2, data.classNames]);
  const { images } = await test.batch([0, 1]);
  expect([...(await images!.data())]).toEqual([0, 10]);
  images!.dispose();
});
