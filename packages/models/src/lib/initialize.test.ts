import { RandomStream } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { glorotStddev, initialize } from './initialize';
import { conv2dLayer, denseLayer } from './layers';

describe('glorotStddev', () => {
  it('counts what goes in and comes out through the window', () => {
    expect(glorotStddev([30, 20])).toBeCloseTo(0.2, 12); // √(2 / 50)
    expect(glorotStddev([5, 5, 3, 5])).toBeCloseTo(0.1, 12); // √(2 / (25 · 8))
  });
});

it('draws kernels of the deviation that it is given', () => {
  const picture = tf.input({ shape: [8, 8, 3] });
  const map = conv2dLayer({
    name: 'conv',
    filters: 61,
    kernelSize: 5,
    strides: 1,
    useBias: true,
  }).apply(picture);
  const flat = tf.layers.flatten().apply(map) as tf.SymbolicTensor;
  const logit = denseLayer({ name: 'logit', units: 1 }).apply(flat) as tf.SymbolicTensor;
  const model = tf.model({ inputs: picture, outputs: logit });
  const deviations = (kernelStddev?: (shape: readonly number[]) => number) => {
    const options = kernelStddev && { kernelStddev };
    initialize(model, RandomStream.fromSeed(1), options);
    return ['conv', 'logit'].map((name) => {
      const kernel = model.getLayer(name).trainableWeights[0]!.read();
      return tf.tidy(() => tf.moments(kernel).variance.sqrt().dataSync()[0]!);
    });
  };
  const by = deviations(glorotStddev);
  // 4,575 and 3,904 weights of √(2 / 1600) and √(2 / 3905), to five standard errors.
  const expected = [Math.sqrt(2 / (25 * 64)), Math.sqrt(2 / (8 * 8 * 61 + 1))];
  const weights = [5 * 5 * 3 * 61, 8 * 8 * 61];
  by.forEach((stddev, i) => {
    expect(Math.abs(stddev / expected[i]! - 1)).toBeLessThan(5 / Math.sqrt(2 * weights[i]!));
  });
  // The same numbers, of another size.
  deviations().forEach((stddev, i) => {
    expect(stddev).toBeCloseTo((0.02 * by[i]!) / expected[i]!, 6);
  });
  model.dispose();
});
