import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { memoryStore } from './memory-store';
import { loadModel, saveModel } from './model-files';
import { getText, putText } from './store-text';
import { urlStore } from './url-store';

const kept = memoryStore();
let server: Server;
let address: string;

beforeEach(async () => {
  server = createServer((request, response) => {
    const name = decodeURIComponent(request.url!.slice(1));
    if (name.startsWith('secret')) return void response.writeHead(403).end();
    if (name.startsWith('broken')) return void response.writeHead(500, 'Oh no').end();
    void kept.get(name).then((bytes) => {
      if (bytes) response.end(bytes);
      else response.writeHead(404).end('<h1>not here</h1>');
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise<void>((resolve) => void server.close(() => resolve())));

it('reads what the server has, and nothing where there is none', async () => {
  await putText(kept, 'runs/a b#1?/note.txt', 'as it was');
  const run = urlStore(address).within('runs').within('a b#1?');
  expect(await getText(run, 'note.txt')).toBe('as it was');
  expect(await run.get('other.txt')).toBeUndefined();
  expect(run.describe('note.txt')).toBe(`${address}/runs/a%20b%231%3F/note.txt`);
  expect(urlStore(`${address}/runs`).describe()).toBe(`${address}/runs/`);
});

it('keeps a query, and leaves out what is behind a hash', () => {
  const signed = urlStore('https://example.org/runs?token=a/b#top').within('one');
  expect(signed.describe('model.json')).toBe('https://example.org/runs/one/model.json?token=a/b');
  expect(() => urlStore('runs/one')).toThrow('urlStore: url must be an address, got "runs/one"');
});

it('loads a network', async () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
  await saveModel(model, kept.within('generator'), { ganloom: 'is told' });
  const loaded = await loadModel(urlStore(new URL(`${address}/generator/`)));
  expect(await loaded.getWeights()[0]!.data()).toEqual(await model.getWeights()[0]!.data());
  expect(loaded.getUserDefinedMetadata()).toEqual({ ganloom: 'is told' });
  model.dispose();
  loaded.dispose();
  await expect(loadModel(urlStore(`${address}/nothing`))).rejects.toThrow(
    `loadModel: cannot load the network in ${address}/nothing/: model.json is not there`,
  );
});

it('says what the server says', async () => {
  await expect(urlStore(address).get('broken')).rejects.toThrow(
    `the server answers 500 Oh no (reading ${address}/broken)`,
  );
  await expect(urlStore(address).get('secret')).rejects.toMatchObject({ isDenied: true });
  // Nobody listens there.
  await expect(urlStore('http://127.0.0.1:1/').get('x')).rejects.toThrow(
    'fetch failed (reading http://127.0.0.1:1/x)',
  );
  await expect(urlStore(address).get('../x')).rejects.toThrow('a name in a store must be parts');
});
