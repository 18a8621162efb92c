import '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { restartWasm } from '../restart-wasm';
import { BACKEND_NAME } from './kernel';

beforeAll(async () => void (await restartWasm({ threads: 2 })));
afterAll(() => tf.removeBackend(BACKEND_NAME));

const normal = (shape: number[], position: number, mean = 0, stddev = 1): tf.Tensor => {
  const attrs = { key0: 0xdeadbeef, key1: 7, position, shape, mean, stddev };
  return tf.engine().runKernel('RandomNormal', {}, attrs as unknown as tf.NamedAttrMap);
};

it('RandomNormal is the Box–Muller transform of Philox4x32-10', () => {
  // Words of counters 0 and 1 of key (0xdeadbeef, 7), by assembly/philox in Python integers: see below.
  const words = philoxWords(0xdeadbeef, 7, 3);
  const expected = Float64Array.from(words, (_, i) => {
    const pair = i - (i % 2);
    const radius = Math.sqrt(-2 * Math.log((words[pair]! + 0.5) / 2 ** 32));
    const angle = (2 * Math.PI * words[pair + 1]!) / 2 ** 32;
    return i % 2 === 0 ? radius * Math.cos(angle) : radius * Math.sin(angle);
  });
  const x = normal([12], 0);
  expect(x).toBeAllclose(expected, { rtol: 1e-4, atol: 2e-6 });
  tf.dispose(x);
});

it('RandomNormal depends on the position alone', () => {
  const all = normal([1003], 0);
  const tail = normal([603], 100);
  const far = normal([8], 2 ** 32 - 1);
  const next = normal([4], 2 ** 32);
  expect(tail.dataSync()).toEqual(all.dataSync().slice(400));
  expect(next.dataSync()).toEqual(far.dataSync().slice(4));
  tf.dispose([all, tail, far, next]);
});

it('RandomNormal has the moments of a normal', () => {
  const n = 400_000;
  const x = normal([n], 5, 3, 2);
  const values = x.dataSync();
  const standard = Float64Array.from(values, (v) => (v - 3) / 2);
  const moment = (k: number) => standard.reduce((sum, v) => sum + v ** k, 0) / n;
  // Five standard errors of the mean of zᵏ.
  expect(Math.abs(moment(1))).toBeLessThan(5 / Math.sqrt(n));
  expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
  expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / n));
  expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
  tf.dispose(x);
});

/** Philox4x32-10 with BigInt, independent of the kernel. */
function philoxWords(key0: number, key1: number, blocks: number): number[] {
  const mask = 0xffffffffn;
  const words: number[] = [];
  for (let block = 0; block < blocks; block++) {
    let [c0, c1, c2, c3] = [BigInt(block), 0n, 0n, 0n];
    let [k0, k1] = [BigInt(key0), BigInt(key1)];
    for (let round = 0; round < 10; round++) {
      const [first, second] = [0xd2511f53n * c0, 0xcd9e8d57n * c2];
      [c0, c1, c2, c3] = [
        (second >> 32n) ^ c1 ^ k0,
        second & mask,
        (first >> 32n) ^ c3 ^ k1,
        first & mask,
      ];
      [k0, k1] = [(k0 + 0x9e3779b9n) & mask, (k1 + 0xbb67ae85n) & mask];
    }
    words.push(...[c0, c1, c2, c3].map(Number));
  }
  return words;
}
