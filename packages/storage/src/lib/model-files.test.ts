import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { memoryStore } from './memory-store';
import { loadModel, saveModel } from './model-files';
import type { Store } from './store';
import { getText, putText } from './store-text';

beforeAll(() => tf.setBackend('cpu'));

let store: Store;
beforeEach(() => {
  store = memoryStore('run').within('generator');
});

const make = () =>
  tf.sequential({
    layers: [tf.layers.dense({ units: 2, inputShape: [3] }), tf.layers.batchNormalization()],
  });

function expectSame(a: tf.LayersModel, b: tf.LayersModel): void {
  const x = tf.tensor2d([1, -2, 0.5, 3, 0, -1], [2, 3]);
  const [ya, yb] = [a.predict(x) as tf.Tensor, b.predict(x) as tf.Tensor];
  expect(ya).toBeAllclose(yb, { rtol: 0, atol: 0 });
  tf.dispose([x, ya, yb]);
}

it('give back the same network', async () => {
  const model = make();
  await saveModel(model, store);
  expect(await store.list()).toEqual(['model.json', 'weights.bin']);
  const loaded = await loadModel(store);
  expectSame(loaded, model);
  for (const made of [model, loaded]) made.dispose();
});

it('keep what else model.json is to say, which plain TensorFlow.js reads, too', async () => {
  const model = make();
  const metadata = { sampler: { latent: 3, range: [-1, 1] } };
  await saveModel(model, store, metadata);
  expect(JSON.parse((await getText(store, 'model.json'))!)).toMatchObject({
    format: 'layers-model',
    userDefinedMetadata: metadata,
  });
  const loaded = await loadModel(store);
  expect(loaded.getUserDefinedMetadata()).toEqual(metadata);
  // It goes along with the network, until it is said anew.
  await saveModel(loaded, store);
  const again = await loadModel(store);
  expect(again.getUserDefinedMetadata()).toEqual(metadata);
  await saveModel(again, store, { other: 1 });
  const other = await loadModel(store);
  expect(other.getUserDefinedMetadata()).toEqual({ other: 1 });
  await saveModel(model, store);
  expect(await getText(store, 'model.json')).not.toContain('userDefinedMetadata');
  for (const made of [model, loaded, again, other]) made.dispose();
});

it('write what plain tf.loadLayersModel reads over HTTP', async () => {
  const model = make();
  await saveModel(model, store);
  const fetchFunc = async (url: string) => {
    const name = new URL(url).pathname.slice(1);
    const type = name.endsWith('.json') ? 'application/json' : 'application/octet-stream';
    return new Response(await store.get(name), { headers: { 'Content-Type': type } });
  };
  const loaded = await tf.loadLayersModel(
    tf.io.http('http://localhost/model.json', { fetchFunc: fetchFunc as typeof fetch }),
  );
  expectSame(loaded, model);
  for (const made of [model, loaded]) made.dispose();
});

it('read weights that another program has cut into several files', async () => {
  const model = make();
  await saveModel(model, store);
  const weights = (await store.get('weights.bin'))!;
  const json = JSON.parse((await getText(store, 'model.json'))!);
  json.weightsManifest[0].paths = ['a.bin', 'b.bin'];
  await store.put('a.bin', weights.subarray(0, 25));
  await store.put('b.bin', weights.subarray(25));
  await putText(store, 'model.json', JSON.stringify(json));
  const loaded = await loadModel(store);
  expectSame(loaded, model);
  for (const made of [model, loaded]) made.dispose();
});

it('leave no tensor behind', async () => {
  const model = make();
  await expectNoLeak(async () => {
    await saveModel(model, store);
    (await loadModel(store)).dispose();
  });
  model.dispose();
});

it('name the place and the fault of a damaged network', async () => {
  await expect(loadModel(store)).rejects.toThrow(
    'loadModel: cannot load the network in run/generator: model.json is not there; ' +
      'the folder must hold model.json and its weights, whole',
  );
  const model = make();
  await saveModel(model, store);
  model.dispose();
  await store.put('weights.bin', new Uint8Array(60));
  // 3·2 + 2 for dense, 4·2 for batch normalization, 4 bytes each.
  await expect(loadModel(store)).rejects.toThrow('the weights must have 64 bytes, got 60');
  await store.remove('weights.bin');
  await expect(loadModel(store)).rejects.toThrow('weights.bin is not there');
  await putText(store, 'model.json', '{"modelTopology"');
  await expect(loadModel(store)).rejects.toThrow('model.json is not JSON');
  for (const text of ['{}', 'null']) {
    await putText(store, 'model.json', text);
    await expect(loadModel(store)).rejects.toThrow('model.json has no weightsManifest');
  }
});

it('names a layer that nobody has registered', async () => {
  const model = make();
  await saveModel(model, store);
  model.dispose();
  const text = (await getText(store, 'model.json'))!;
  await putText(store, 'model.json', text.replaceAll('"Dense"', '"Mine"'));
  await expect(loadModel(store)).rejects.toThrow(
    'loadModel: cannot load the network in run/generator: it has the layer Mine, which nobody has ' +
      'registered: call registerLayers() of @ganloom/models,',
  );
});
