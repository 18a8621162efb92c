import { RandomStream } from '@ganloom/core';
import { forward } from '@ganloom/gradients';
import { expectNoLeak } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { fadeLayer } from './fade-layer';
import { registerLayers } from './register-layers';

beforeAll(async () => void (await tf.setBackend('cpu')));

const isRegistered = () => 'Fade' in tf.serialization.SerializationMap.getMap().classNameMap;

// First, as making a layer registers it.
it('is registered on request, not by an import', () => {
  expect(isRegistered()).toBe(false);
  registerLayers();
  expect(isRegistered()).toBe(true);
});

function network(): tf.LayersModel {
  const [old, fresh] = [tf.input({ shape: [1, 2, 1] }), tf.input({ shape: [1, 2, 1] })];
  const share = tf.input({ shape: [1] });
  const faded = fadeLayer({ name: 'fade' }).apply([old, fresh, share]) as tf.SymbolicTensor;
  return tf.model({ inputs: [old, fresh, share], outputs: faded });
}

it('leads from what was there to what is new', () => {
  const model = network();
  expect(model.outputs[0]!.shape).toEqual([null, 1, 2, 1]);
  const old = tf.tensor4d([0, 4, 8, -4], [2, 1, 2, 1]);
  const fresh = tf.tensor4d([2, 4, 0, 4], [2, 1, 2, 1]);
  const run = (share: number) =>
    tf.tidy(() => forward(model, [old, fresh, tf.tensor2d([[share]])], { training: true }));
  tf.tidy(() => {
    expect(run(0)).toBeAllclose(old);
    expect(run(0.25)).toBeAllclose(tf.tensor4d([0.5, 4, 6, -2], [2, 1, 2, 1]));
    expect(run(1)).toBeAllclose(fresh);
    const slopes = tf.grads((a: tf.Tensor, b: tf.Tensor) =>
      tf.sum(forward(model, [a, b, tf.tensor2d([[0.25]])], { training: true })),
    )([old, fresh]);
    expect(slopes[0]!).toBeAllclose(tf.fill([2, 1, 2, 1], 0.75));
    expect(slopes[1]!).toBeAllclose(tf.fill([2, 1, 2, 1], 0.25));
  });
  expectNoLeak(() => run(0.5));
  tf.dispose([old, fresh]);
});

it('is read back from JSON', async () => {
  const model = network();
  const modelTopology = model.toJSON(null, false);
  const again = await tf.models.modelFromJSON({ modelTopology } as never);
  tf.tidy(() => {
    const inputs = [1, 2].map((seed) => RandomStream.fromSeed(seed).normal([3, 1, 2, 1]));
    const all = [...inputs, tf.tensor2d([[0.3]])];
    expect(forward(again, all, { training: false })).toBeAllclose(
      forward(model, all, { training: false }),
    );
  });
});

it('says what it cannot lead to', () => {
  const [small, large] = [tf.input({ shape: [2, 2, 1] }), tf.input({ shape: [4, 4, 1] })];
  expect(() => fadeLayer().apply([small, large, tf.input({ shape: [1] })])).toThrow(
    'fadeLayer: what is faded in must have the shape [,2,2,1] of what was there, got [,4,4,1]',
  );
});
