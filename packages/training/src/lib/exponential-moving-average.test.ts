import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { afterEach, expect, it } from 'vitest';
import { exponentialMovingAverage } from './exponential-moving-average';

const kernel: tf.KernelConfig = {
  kernelName: 'LerpStep',
  backendName: 'cpu',
  kernelFunc: ({ inputs, attrs, backend }) => {
    const values = (info: tf.TensorInfo) =>
      (backend as tf.KernelBackend).readSync(info.dataId) as Float32Array;
    const [target, source] = [values(inputs['target']!), values(inputs['source']!)];
    const amount = (attrs as { amount: number }).amount;
    target.forEach((value, i) => (target[i] = value + amount * (source[i]! - value)));
    return [];
  },
};

afterEach(() => {
  if (tf.getKernel('LerpStep', 'cpu')) tf.unregisterKernel('LerpStep', 'cpu');
});

function network(): tf.LayersModel {
  const { dense, batchNormalization } = tf.layers;
  return tf.sequential({
    layers: [dense({ units: 1, inputShape: [1], useBias: false }), batchNormalization()],
  });
}

/** Kernel, gamma, beta, moving mean, moving variance. */
function set(model: tf.LayersModel, ...values: number[]): void {
  tf.tidy(() =>
    model.setWeights(
      values.map((value, i) => (i === 0 ? tf.tensor2d([[value]]) : tf.tensor1d([value]))),
    ),
  );
}

const valuesOf = (model: tf.LayersModel) => model.getWeights().map((w) => w.dataSync()[0]!);

it.each([false, true])(
  'moves all weights and statistics by 1 − decay (fused: %s)',
  async (fused) => {
    if (fused) tf.registerKernel(kernel);
    const model = network();
    set(model, 8, 1, 0, 4, 2);
    const average = await exponentialMovingAverage({ net: model }, { decay: 0.75, warmUp: false });
    expect(valuesOf(average.models['net']!)).toEqual([8, 1, 0, 4, 2]);
    set(model, 0, 5, 4, 0, 6);
    average.update(1);
    expect(valuesOf(average.models['net']!)).toEqual([6, 2, 1, 3, 3]);
    average.update(2);
    expect(valuesOf(average.models['net']!)[0]).toBe(4.5);
    expect(valuesOf(model)).toEqual([0, 5, 4, 0, 6]);
    model.dispose();
    average.dispose();
  },
);

it('begins with a short memory: d = min(decay, (1 + step) / (10 + step))', async () => {
  const model = network();
  set(model, 11, 1, 0, 0, 1);
  const average = await exponentialMovingAverage({ net: model }, { decay: 0.5 });
  set(model, 0, 1, 0, 0, 1);
  average.update(1);
  expect(valuesOf(average.models['net']!)[0]).toBeCloseTo(2, 5);
  average.update(100);
  expect(valuesOf(average.models['net']!)[0]).toBeCloseTo(1, 5);
  model.dispose();
  average.dispose();
});

it('asks a schedule with the updates made before', async () => {
  const model = network();
  set(model, 16, 1, 0, 0, 1);
  const schedule = { name: 'rising', at: (n: number) => [0, 0.5, 0.75, 1][n]! };
  const averages = await Promise.all(
    [false, true].map((warmUp) =>
      exponentialMovingAverage({ net: model }, { decay: schedule, warmUp }),
    ),
  );
  const played = [16, 8, 0].map((weight, n) => {
    set(model, weight, 1, 0, 0, 1);
    return averages.map((average) => {
      average.update(n + 1);
      return valuesOf(average.models['net']!)[0];
    });
  });
  // 16, 0.5·16 + 0.5·8 = 12, 0.75·12 = 9.
  expect(played.map(([plain]) => plain)).toEqual([16, 12, 9]);
  // While warming up, at most 3/12 in the second, and 4/13 in the third.
  expect(played[1]![1]).toBeCloseTo(10, 5);
  expect(played[2]![1]).toBeCloseTo((10 * 4) / 13, 5);
  expect(() => averages[0]!.update(4)).toThrow(
    'the schedule "rising": after 3 updates it must be a number of at least 0 and below 1, got 1',
  );
  model.dispose();
  for (const average of averages) average.dispose();
});

it('refuses a decay outside of [0, 1)', async () => {
  await expect(exponentialMovingAverage({}, { decay: 1 })).rejects.toThrow(
    'exponentialMovingAverage: decay must be a number of at least 0 and below 1, got 1',
  );
});

it('leaves no tensor behind', async () => {
  const model = network();
  await expectNoLeak(async () => {
    const average = await exponentialMovingAverage({ net: model });
    average.update(1);
    average.dispose();
  });
  model.dispose();
});
