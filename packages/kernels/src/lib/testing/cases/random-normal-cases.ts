import * as tf from '@tensorflow/tfjs';
import { runKernel } from '../../run-kernel';
import { type ConformanceTest, float32 } from '../conformance-case';

const [key0, key1] = [0xdeadbeef, 7];

const normal = (shape: number[], position: number, mean = 0, stddev = 1): tf.Tensor =>
  runKernel('RandomNormal', {}, { key0, key1, position, shape, mean, stddev });

/** How far the first four moments are from those of a normal, in standard errors. */
function deviations(x: tf.Tensor, mean: number, stddev: number): tf.Tensor {
  const standard = Float64Array.from(x.dataSync(), (v) => (v - mean) / stddev);
  const moment = (k: number) => standard.reduce((sum, v) => sum + v ** k, 0) / x.size;
  // The variances of z, z², z³ and z⁴ are 1, 2, 15 and 96.
  const error = (variance: number) => Math.sqrt(variance / x.size);
  return tf.tensor1d([
    moment(1) / error(1),
    (moment(2) - 1) / error(2),
    moment(3) / error(15),
    (moment(4) - 3) / error(96),
  ]);
}

/** Philox4x32-10 from counter 0 on, in integers of any size. */
function philoxWords(blocks: number): number[] {
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

function boxMuller(words: readonly number[]): number[] {
  return words.map((_, i) => {
    const pair = i - (i % 2);
    const radius = Math.sqrt(-2 * Math.log((words[pair]! + 0.5) / 2 ** 32));
    const angle = (2 * Math.PI * words[pair + 1]!) / 2 ** 32;
    return radius * (i % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
  });
}

const exact = { rtol: 0, atol: 0 };

export const randomNormalTests: readonly ConformanceTest[] = [
  {
    name: 'normal numbers are the Box–Muller transform of Philox4x32-10',
    kernels: ['RandomNormal'],
    cases: () => [
      {
        inputs: [],
        op: () => normal([12], 0),
        reference: () => float32(boxMuller(philoxWords(3)), [12]),
        rtol: 1e-4,
        atol: 2e-6,
      },
    ],
  },
  {
    name: 'normal numbers depend on the position alone',
    kernels: ['RandomNormal'],
    cases: () => [
      {
        inputs: [],
        op: () => tf.sub(normal([603], 100), tf.slice(normal([1003], 0), 400)),
        reference: () => tf.zeros([603]),
        ...exact,
      },
      {
        inputs: [],
        op: () => tf.sub(normal([4], 2 ** 32), tf.slice(normal([8], 2 ** 32 - 1), 4)),
        reference: () => tf.zeros([4]),
        ...exact,
      },
      {
        inputs: [],
        op: () => normal([0, 3], 5),
        reference: () => tf.zeros([0, 3]),
        ...exact,
      },
    ],
  },
  {
    name: 'normal numbers have the moments of a normal',
    kernels: ['RandomNormal'],
    cases: () => [
      {
        inputs: [],
        op: () => deviations(normal([400_000], 5, 3, 2), 3, 2),
        reference: () => tf.zeros([4]),
        rtol: 0,
        atol: 5,
      },
    ],
  },
];
