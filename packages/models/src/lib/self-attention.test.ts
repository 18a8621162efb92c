import '@ganloom/test-tools';
import { useWasm } from '@ganloom/backend-wasm';
import { type Critique, RandomStream, type TermContext } from '@ganloom/core';
import { forward, installGradients, variableGradients } from '@ganloom/gradients';
import { r1 } from '@ganloom/losses';
import { expectNoLeak, finiteDifference, modelOf, savedAndLoaded } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import fixture from '../../fixtures/self-attention.json';
import { initialize } from './initialize';
import { selfAttention, selfAttentionLayer, type SelfAttentionWeights } from './self-attention';

const backends = { cpu: () => tf.setBackend('cpu'), wasm: () => useWasm({ threads: 1 }) };
const wave = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(seed + 1.7 * i));

const [BATCH, HEIGHT, WIDTH, CHANNELS, INNER] = [2, 3, 2, 4, 2];
const SHAPE: [number, number, number, number] = [BATCH, HEIGHT, WIDTH, CHANNELS];
const SIZE = BATCH * HEIGHT * WIDTH * CHANNELS;
const GAMMA = 0.7;

/** Those of the fixture. */
const given = (): { x: tf.Tensor4D } & SelfAttentionWeights => ({
  x: tf.tensor4d(wave(SIZE, 1), SHAPE),
  key: tf.tensor2d(wave(CHANNELS * INNER, 2), [CHANNELS, INNER]),
  query: tf.tensor2d(wave(CHANNELS * INNER, 3), [CHANNELS, INNER]),
  value: tf.tensor2d(wave(CHANNELS * CHANNELS, 4), [CHANNELS, CHANNELS]),
  gamma: tf.scalar(GAMMA),
});
const NAMES = ['x', 'key', 'query', 'value', 'gamma'] as const;

/** Σ w·y². */
const objective = (...tensors: tf.Tensor[]) => {
  const [x, key, query, value, gamma] = tensors as [
    tf.Tensor4D,
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Scalar,
  ];
  const y = selfAttention(x, { key, query, value, gamma });
  return tf.sum(tf.mul(tf.tensor4d(wave(SIZE, 5), SHAPE), tf.square(y)));
};

/** The same in float64, as the formula is written. */
function reference(x: ArrayLike<number>): number {
  const positions = HEIGHT * WIDTH;
  const [key, query, value] = [wave(8, 2), wave(8, 3), wave(16, 4)];
  const weights = wave(SIZE, 5);
  const times = (at: number, weight: ArrayLike<number>, columns: number) =>
    Array.from({ length: columns }, (_, c) =>
      [0, 1, 2, 3].reduce((sum, k) => sum + x[at * CHANNELS + k]! * weight[k * columns + c]!, 0),
    );
  let total = 0;
  for (let b = 0; b < BATCH; b++) {
    const all = Array.from({ length: positions }, (_, i) => b * positions + i);
    const f = all.map((at) => times(at, key, INNER));
    const h = all.map((at) => times(at, value, CHANNELS));
    for (const at of all) {
      const g = times(at, query, INNER);
      const shares = f.map((one) => Math.exp(one[0]! * g[0]! + one[1]! * g[1]!));
      const sum = shares.reduce((s, share) => s + share, 0);
      for (let c = 0; c < CHANNELS; c++) {
        const o = shares.reduce((s, share, i) => s + (share / sum) * h[i]![c]!, 0);
        const place = at * CHANNELS + c;
        total += weights[place]! * (GAMMA * o + x[place]!) ** 2;
      }
    }
  }
  return total;
}

describe.each(Object.entries(backends))('%s', (_, start) => {
  beforeAll(async () => {
    await start();
    installGradients();
  });

  it('adds to each position what it finds in all', () => {
    tf.tidy(() => {
      const one = tf.ones([1, 1]) as tf.Tensor2D;
      const x = tf.tensor4d([0, 1], [1, 1, 2, 1]);
      const weights = { key: one, query: one, value: tf.mul<tf.Tensor2D>(one, 3) };
      const y = selfAttention(x, { ...weights, gamma: tf.scalar(2) });
      // The 0 looks at both alike; the 1 at itself e times as much as at the 0.
      expect(y).toBeAllclose([2 * 1.5, 1 + 2 * 3 * (Math.E / (1 + Math.E))]);
      expect(y.shape).toEqual([1, 1, 2, 1]);
    });
  });

  it('looks by f and g from the right sides', () => {
    tf.tidy(() => {
      // Keys are the first channel, queries the second.
      const key = tf.tensor2d([[1], [0]]);
      const query = tf.tensor2d([[0], [1]]);
      const value = tf.eye(2);
      const x = tf.tensor4d([1, 0, 0, 1], [1, 1, 2, 2]);
      const y = selfAttention(x, { key, query, value, gamma: tf.scalar(1) });
      // The first looks for nothing: the mean. The second finds the first e times as well.
      const [most, least] = [Math.E / (1 + Math.E), 1 / (1 + Math.E)];
      expect(y).toBeAllclose([1.5, 0.5, most, 1 + least]);
    });
  });

  it('is what PyTorch computes, to second order', () => {
    tf.tidy(() => {
      const { x, ...weights } = given();
      const near = { rtol: 1e-4, atol: 1e-4 };
      expect(selfAttention(x, weights)).toBeAllclose(fixture.output, near);
      const tensors = NAMES.map((name) => ({ x, ...weights })[name]);
      const gradients = tf.grads(objective)(tensors);
      const penalty = (...at: tf.Tensor[]) =>
        tf.sum(tf.square(tf.grad((v: tf.Tensor) => objective(v, ...at.slice(1)))(at[0]!)));
      const second = tf.grads(penalty)(tensors);
      NAMES.forEach((name, i) => {
        expect(gradients[i]!, name).toBeAllclose(fixture.gradients[name], near);
        const expected = fixture.gradientsOfPenalty[name];
        expect(second[i]!, `second ${name}`).toBeAllclose(expected, { rtol: 1e-3, atol: 1e-2 });
      });
    });
  });

  it.each([false, true])('R1 goes through it, spectral norm %s', (spectralNorm) => {
    const layer = selfAttentionLayer({ name: 'attention', reduction: 2, spectralNorm });
    const model = initialize(modelOf(layer, [2, 2, 4]), RandomStream.fromSeed(2));
    tf.tidy(() => {
      layer.trainableWeights.at(-1)!.write(tf.scalar(0.8));
      // So many steps that the singular vectors stay where they are.
      for (let i = 0; spectralNorm && i < 80; i++) {
        forward(model, tf.ones([1, 2, 2, 4]), { training: true });
      }
    });
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    tf.tidy(() => {
      const real = tf.tensor4d(wave(48, 1), [3, 2, 2, 4]);
      const critique = (x: tf.Tensor): Critique => {
        const seen = forward(model, x, { training: false });
        return { logits: tf.sum(tf.square(seen), [1, 2, 3]) };
      };
      const value = () =>
        r1().value({
          real,
          critique,
          realCritique: () => critique(real),
          packDegree: 1,
          random: RandomStream.fromSeed(1),
        } as unknown as TermContext);
      const { grads } = variableGradients(value, variables);
      const before = variables.map((variable) => tf.tensor(variable.dataSync(), variable.shape));
      const directions = variables.map(({ shape }, i) => RandomStream.fromSeed(i).normal(shape));
      const at = (distance: number) => {
        variables.forEach((v, i) => v.assign(tf.add(before[i]!, tf.mul(directions[i]!, distance))));
        return value().dataSync()[0]!;
      };
      const central = (h: number) => (at(h) - at(-h)) / (2 * h);
      const measured = (4 * central(0.005) - central(0.01)) / 3;
      const along = variables.map(({ name }, i) => tf.sum(tf.mul(grads[name]!, directions[i]!)));
      expect(Math.abs(measured)).toBeGreaterThan(1);
      expect(tf.addN(along)).toBeAllclose([measured], { rtol: 1e-2 });
    });
    model.dispose();
  });
});

describe('the layer', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
    installGradients();
  });

  it('has the slopes of its value, and of the square of its slope', () => {
    tf.tidy(() => {
      const { x, ...weights } = given();
      const ofX = (v: tf.Tensor) =>
        objective(v, weights.key, weights.query, weights.value, weights.gamma);
      const values = Float64Array.from(x.dataSync());
      expect(ofX(x)).toBeAllclose([reference(values)], { rtol: 1e-5 });
      const slope = (v: ArrayLike<number>) => finiteDifference(reference, v, 1e-4);
      expect(tf.grad(ofX)(x)).toBeAllclose(slope(values), { rtol: 1e-3, atol: 1e-4 });
      const penalty = (v: tf.Tensor) => tf.sum(tf.square(tf.grad(ofX)(v)));
      const norm = (v: ArrayLike<number>) => slope(v).reduce((sum, g) => sum + g * g, 0);
      const expected = finiteDifference(norm, values, 1e-3);
      expect(tf.grad(penalty)(x)).toBeAllclose(expected, { rtol: 1e-2, atol: 1e-2 });
    });
  });

  const model = (options = {}, shape = [4, 6, 16]) =>
    initialize(
      modelOf(selfAttentionLayer({ name: 'attention', ...options }), shape),
      RandomStream.fromSeed(1),
    );

  it('keeps the shape of maps of any size, and begins as nothing', () => {
    const network = model({}, [null as unknown as number, null as unknown as number, 16]);
    expect(network.outputs[0]!.shape).toEqual([null, null, null, 16]);
    expect(network.getWeights().map(({ shape }) => shape)).toEqual([
      [16, 2],
      [16, 2],
      [16, 16],
      [],
    ]);
    tf.tidy(() => {
      for (const size of [1, 3]) {
        const x = tf.tensor4d(wave(2 * size * 5 * 16, 1), [2, size, 5, 16]);
        expect([...(network.predict(x) as tf.Tensor).dataSync()]).toEqual([...x.dataSync()]);
      }
      expect(tf.mean(tf.square(network.getWeights()[2]!)).dataSync()[0]).toBeGreaterThan(0.02);
    });
    network.dispose();
  });

  it('narrows f and g, to one channel at least', () => {
    const widths = [{ reduction: 4 }, {}].map((options) => {
      const network = model(options, [2, 2, 4]);
      const [key] = network.getWeights();
      network.dispose();
      return key!.shape[1];
    });
    expect(widths).toEqual([1, 1]);
  });

  it('under spectral norm is that of divided weights, whose vectors only training moves', () => {
    const network = model({ spectralNorm: true }, [2, 2, 8]);
    const layer = network.layers[1]!;
    expect(layer.nonTrainableWeights.map(({ shape }) => shape)).toEqual([
      [1, 1],
      [1, 1],
      [8, 1],
    ]);
    tf.tidy(() => {
      const x = tf.tensor4d(wave(32, 1), [1, 2, 2, 8]);
      const [key, query, value] = layer.trainableWeights.map((weight) => weight.read());
      layer.trainableWeights[3]!.write(tf.scalar(1));
      for (let i = 0; i < 80; i++) network.apply(x, { training: true });
      // The largest singular value, by the eigenvalue that powers of WᵀW single out.
      const divided = [key!, query!, value!].map((weight) => {
        let square = tf.matMul(weight, weight, true) as tf.Tensor2D;
        const scale = tf.max(tf.abs(square));
        square = tf.div(square, scale);
        let power = square;
        for (let i = 0; i < 12; i++) {
          const next = tf.matMul(power, power);
          power = tf.div(next, tf.max(tf.abs(next)));
        }
        const vector = tf.matMul(power, tf.ones([square.shape[0], 1]));
        const unit = tf.div(vector, tf.norm(vector));
        return tf.div(weight, tf.norm(tf.matMul(weight as tf.Tensor2D, unit as tf.Tensor2D)));
      }) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
      const expected = selfAttention(x, {
        key: divided[0],
        query: divided[1],
        value: divided[2],
        gamma: tf.scalar(1),
      });
      const before = layer.nonTrainableWeights.map((weight) => [...weight.read().dataSync()]);
      expect(network.predict(x) as tf.Tensor).toBeAllclose(expected, { rtol: 1e-3, atol: 1e-4 });
      expect(layer.nonTrainableWeights.map((weight) => [...weight.read().dataSync()])).toEqual(
        before,
      );
    });
    network.dispose();
  });

  it.each([false, true])('is saved and loaded, spectral norm %s', async (spectralNorm) => {
    const network = model({ reduction: 2, spectralNorm }, [3, 3, 4]);
    tf.tidy(() => void network.layers[1]!.trainableWeights[3]!.write(tf.scalar(0.5)));
    const loaded = await savedAndLoaded(network);
    tf.tidy(() => {
      const x = tf.tensor4d(wave(36, 1), [1, 3, 3, 4]);
      const y = [...(network.predict(x) as tf.Tensor).dataSync()];
      expect([...(loaded.predict(x) as tf.Tensor).dataSync()]).toEqual(y);
      expect(y).not.toEqual([...x.dataSync()]);
    });
    expect(loaded.layers[1]!.getConfig()).toEqual(network.layers[1]!.getConfig());
    for (const one of [network, loaded]) one.dispose();
  });

  it('draws its first weights from the seed, and leaves no tensor behind', () => {
    const [one, same] = [model(), model()];
    expect([...one.getWeights()[0]!.dataSync()]).toEqual([...same.getWeights()[0]!.dataSync()]);
    const x = tf.ones([2, 4, 6, 16]);
    for (const training of [true, false]) {
      expectNoLeak(() => one.apply(x, { training }) as tf.Tensor);
      expectNoLeak(() =>
        tf.grad((v: tf.Tensor) => tf.sum(one.apply(v, { training }) as tf.Tensor))(x),
      );
    }
    tf.dispose(x);
    for (const network of [one, same]) network.dispose();
  });

  it('says what it needs', () => {
    expect(() => model({}, [8])).toThrow(
      'selfAttentionLayer: inputs must be maps [batch, height, width, channels], got [any,8]; put it',
    );
    expect(() => selfAttentionLayer({ reduction: 0 })).toThrow(
      'selfAttentionLayer: reduction must be a positive integer, got 0',
    );
  });
});
