import '@ganloom/test-tools';
import { useWasm } from '@ganloom/backend-wasm';
import { RandomStream, UsageError } from '@ganloom/core';
import { forward, installGradients } from '@ganloom/gradients';
import { expectNoLeak, finiteDifference, modelOf, savedAndLoaded } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { dropoutLayer } from './dropout-layer';
import { noiseLayer } from './noise-layer';
import { registerLayers } from './register-layers';

const backends = { cpu: () => tf.setBackend('cpu'), wasm: () => useWasm({ threads: 1 }) };
const stream = (seed = 1) => RandomStream.fromSeed(seed);
const wave = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(seed + 1.7 * i));
const run = (model: tf.LayersModel, x: tf.Tensor, random?: RandomStream, training = true) =>
  forward(model, x, { training, ...(random && { random }) });
const message = (where: string) =>
  `${where}: in training there must be a stream to take chances from, got none; ` +
  'run the network by forward(model, inputs, { training, random }) of @ganloom/gradients';

/** Σ w·y² and its gradients, the second ‖∂/∂x‖², by the numbers that the layer has as factors. */
function checkSlopes(
  apply: (x: tf.Tensor) => tf.Tensor,
  reference: (x: ArrayLike<number>) => number[],
  values: Float32Array,
  shape: number[],
): void {
  const weights = wave(values.length, 5);
  const objective = (x: tf.Tensor) =>
    tf.sum(tf.mul(tf.square(apply(x)), tf.tensor(weights, shape)));
  const value = (x: ArrayLike<number>) =>
    reference(x).reduce((sum, y, i) => sum + weights[i]! * y * y, 0);
  const slope = (x: ArrayLike<number>) => finiteDifference(value, x, 1e-4);
  tf.tidy(() => {
    const x = tf.tensor(values, shape);
    expect(tf.grad(objective)(x)).toBeAllclose(slope(values), { rtol: 1e-3, atol: 1e-4 });
    const penalty = (v: tf.Tensor) => tf.sum(tf.square(tf.grad(objective)(v)));
    const norm = (v: ArrayLike<number>) => slope(v).reduce((sum, g) => sum + g * g, 0);
    expect(tf.grad(penalty)(x)).toBeAllclose(finiteDifference(norm, values, 1e-3), {
      rtol: 1e-2,
      atol: 1e-2,
    });
  });
}

describe.each(Object.entries(backends))('%s', (_, start) => {
  beforeAll(async () => {
    await start();
    installGradients();
  });

  it('dropout takes a share of the values away, and leaves their mean', () => {
    const model = modelOf(dropoutLayer({ rate: 0.25 }), [50, 40]);
    tf.tidy(() => {
      const ones = tf.ones([2, 50, 40]);
      const y = run(model, ones, stream());
      const values = [...y.dataSync()];
      const gone = values.filter((v) => v === 0).length;
      // 4000 values: five standard deviations of a binomial are 137.
      expect(Math.abs(gone - 1000)).toBeLessThan(137);
      expect(new Set(values)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
      expect([...run(model, ones, stream()).dataSync()]).toEqual(values);
      expect([...run(model, ones, stream(2)).dataSync()]).not.toEqual(values);
      // Left alone at inference, whether or not there is a stream.
      for (const random of [undefined, stream()]) {
        expect([...run(model, ones, random, false).dataSync()]).toEqual([...ones.dataSync()]);
      }
      expect([...(model.predict(ones) as tf.Tensor).dataSync()]).toEqual([...ones.dataSync()]);
    });
  });

  it('dropout is right to second order', () => {
    const model = modelOf(dropoutLayer({ rate: 0.5 }), [6]);
    const mask = tf.tidy(() => [...run(model, tf.ones([2, 6]), stream(3)).dataSync()]);
    expect(new Set(mask)).toEqual(new Set([0, 2]));
    checkSlopes(
      (x) => run(model, x, stream(3)),
      (x) => Array.from(x, (v, i) => mask[i]! * v),
      wave(12, 1),
      [2, 6],
    );
  });

  it('noise is a map for each example, scaled for each channel', () => {
    const model = modelOf(noiseLayer({ name: 'noise' }), [3, 2, 2]);
    tf.tidy(() => {
      const x = tf.tensor4d(wave(24, 1), [2, 3, 2, 2]);
      // The scales begin at 0.
      expect([...run(model, x, stream()).dataSync()]).toEqual([...x.dataSync()]);
      model.setWeights([tf.tensor1d([0.5, -2])]);
      const y = run(model, x, stream());
      // The first layer of the network has the fork of its place.
      const noise = stream().fork('layer-0').normal([2, 3, 2, 1]);
      expect(y).toBeAllclose(tf.add(x, tf.mul(noise, tf.tensor1d([0.5, -2]))));
      expect([...run(model, x, stream()).dataSync()]).toEqual([...y.dataSync()]);
      expect(run(model, x, stream(2))).not.toBeAllclose(y);
      // At inference as the caller likes: by a stream, or none.
      expect(run(model, x, stream(), false)).toBeAllclose(y);
      expect(run(model, x, undefined, false)).toBeAllclose(x);
      expect(model.predict(x) as tf.Tensor).toBeAllclose(x);
    });
    model.dispose();
  });

  it('noise is right to second order, and its scales learn', () => {
    const model = modelOf(noiseLayer(), [3, 2]);
    const scale = model.trainableWeights[0]!.read() as tf.Variable;
    tf.tidy(() => model.setWeights([tf.tensor1d([0.5, -2])]));
    const noise = tf.tidy(() => [...stream().fork('layer-0').normal([2, 3, 1]).dataSync()]);
    checkSlopes(
      (x) => run(model, x, stream()),
      (x) => Array.from(x, (v, i) => v + [0.5, -2][i % 2]! * noise[Math.floor(i / 2)]!),
      wave(12, 1),
      [2, 3, 2],
    );
    tf.tidy(() => {
      const x = tf.tensor3d(wave(12, 1), [2, 3, 2]);
      const { grads } = tf.variableGrads(() => tf.sum(run(model, x, stream())), [scale]);
      const total = noise.reduce((sum, v) => sum + v, 0);
      expect(grads[scale.name]!).toBeAllclose([total, total], { rtol: 1e-4 });
    });
    model.dispose();
  });
});

describe.each([
  ['dropoutLayer', () => dropoutLayer({ name: 'chance', rate: 0.4 })],
  ['noiseLayer', () => noiseLayer({ name: 'chance' })],
] as const)('%s', (name, make) => {
  beforeAll(async () => void (await backends.cpu()));

  it('is saved and loaded, and draws the same again', async () => {
    registerLayers();
    const model = modelOf(make(), [3, 2]);
    tf.tidy(() => model.setWeights(model.getWeights().map(() => tf.tensor1d([1, 2]))));
    const loaded = await savedAndLoaded(model);
    tf.tidy(() => {
      const x = tf.tensor3d(wave(12, 1), [2, 3, 2]);
      const y = [...run(model, x, stream()).dataSync()];
      expect([...run(loaded, x, stream()).dataSync()]).toEqual(y);
      expect(y).not.toEqual([...x.dataSync()]);
    });
    for (const one of [model, loaded]) one.dispose();
  });

  it('says in training that it needs a stream', () => {
    const model = modelOf(make(), [3, 2]);
    tf.tidy(() => {
      const x = tf.ones([2, 3, 2]);
      expect(() => run(model, x)).toThrow(UsageError);
      expect(() => run(model, x)).toThrow(message(name));
      expect(() => model.apply(x, { training: true })).toThrow(message(name));
    });
    model.dispose();
  });

  it('leaves no tensor behind', () => {
    const model = modelOf(make(), [3, 2]);
    const x = tf.ones([2, 3, 2]);
    for (const training of [true, false]) {
      expectNoLeak(() => run(model, x, stream(), training));
      expectNoLeak(() => tf.grad((v: tf.Tensor) => tf.sum(run(model, v, stream(), training)))(x));
    }
    expectNoLeak(() => model.predict(x) as tf.Tensor);
    tf.dispose(x);
    model.dispose();
  });
});

it.each([-0.1, 1, NaN])('dropout refuses the rate %d', (rate) => {
  expect(() => dropoutLayer({ rate })).toThrow(
    `dropoutLayer: rate must be a number of at least 0 and below 1, got ${rate}`,
  );
});
