import type { Term } from '@ganloom/core';
import { expectNoLeak } from '@ganloom/test-tools';
import { termContext } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { historicalAveraging } from './historical-averaging';

beforeAll(() => tf.setBackend('cpu'));

function network() {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const set = (a: number, b: number, bias: number) =>
    tf.tidy(() => model.setWeights([tf.tensor2d([a, b], [2, 1]), tf.tensor1d([bias])]));
  return { model, variables, set };
}

function gradients(term: Term, variables: tf.Variable[]) {
  return tf.tidy(() => {
    const zero: tf.Tensor = tf.zeros([1]);
    const context = termContext({ real: zero, fake: zero });
    const { value, grads } = tf.variableGrads(() => term.value(context), variables);
    return [value, ...variables.map(({ name }) => grads[name]!)].flatMap((t) => [...t.dataSync()]);
  });
}

it('pulls weights to the average of what they were, as computed by hand', () => {
  const { model, variables, set } = network();
  const term = historicalAveraging({ player: 'discriminator', models: { critic: model } });
  expect(term.player).toBe('discriminator');
  set(1, 2, 3);
  expect(gradients(term, variables)).toBeAllclose([0, 0, 0, 0]);
  // Averages (2, 1, 3); differences (1, −1, 0) and twice those.
  set(3, 0, 3);
  expect(gradients(term, variables)).toBeAllclose([2, 2, -2, 0]);
  // Averages (3, 1, 2); differences (2, 0, −2).
  set(5, 1, 0);
  expect(gradients(term, variables)).toBeAllclose([8, 4, 0, -4]);
  tf.dispose([Object.values(term.state!), variables]);
});

it('remembers in variables that nobody trains, by names that stay', () => {
  const { model, variables, set } = network();
  const term = historicalAveraging({ player: 'generator', models: { generator: model } });
  set(1, 2, 3);
  gradients(term, variables);
  expect(Object.keys(term.state!)).toEqual(['generator/0-kernel', 'generator/1-bias', 'count']);
  expect(Object.values(term.state!).map(({ trainable }) => trainable)).toEqual([
    false,
    false,
    false,
  ]);
  expect(term.state!['generator/0-kernel']!).toBeAllclose([1, 2]);
  expect(term.state!['count']!).toBeAllclose([1]);
  tf.dispose([Object.values(term.state!), variables]);
});

it('leaks nothing', () => {
  const { model, variables } = network();
  expectNoLeak(() => historicalAveraging({ player: 'generator', models: { model } }).state!);
  const term = historicalAveraging({ player: 'generator', models: { model } });
  expectNoLeak(() => void gradients(term, variables));
  tf.dispose([Object.values(term.state!), variables]);
});
