import { kernelConfig, type RandomNormalAttrs } from '@ganloom/kernels';
import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from './errors';
import { type RandomState, RandomStream } from './random-stream';

beforeAll(() => tf.setBackend('cpu'));

/** The values of a tensor, which is disposed. */
function take(tensor: tf.Tensor): Float64Array {
  const values = Float64Array.from(tensor.dataSync());
  tensor.dispose();
  return values;
}

const mean = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, v) => sum + v, 0) / values.length;

/** A little of everything, so that equal results mean equal streams. */
const sample = (stream: RandomStream) => [
  ...stream.words(5),
  ...take(stream.normal([3])),
  stream.uniformNumber(),
  ...take(stream.uniform([2, 2])),
  ...stream.integers(3, 1000),
  ...stream.permutation(6),
];

describe('the values', () => {
  // By another implementation, in Python's integers and float64.
  it('are those of Philox with the seed as key and the position as counter', () => {
    expect([...RandomStream.fromSeed(42).words(8)]).toEqual([
      0x9ceaf053, 0x77f5493b, 0x12bf50ad, 0x5742b3d7, 0xfcdb2127, 0x53ba6cfd, 0x838f5a6e,
      0x744e06fb,
    ]);
    expect(take(RandomStream.fromSeed(42).normal([2, 2, 2]))).toBeAllclose([
      -0.9701897898778522, 0.19401895606956673, -1.2356207419107479, 1.9239267506573894,
      -0.07318150834378521, 0.13913749635697806, -1.1066650308269264, 0.3266829606585329,
    ]);
    expect([...take(RandomStream.fromSeed(42).uniform([4]))]).toEqual([
      0.6129598617553711, 0.4685865044593811, 0.07323169708251953, 0.3408614993095398,
    ]);
    expect([...RandomStream.fromSeed(42).integers(12, 10)]).toEqual([
      6, 4, 0, 3, 9, 3, 5, 4, 8, 6, 6, 7,
    ]);
    // Up to 2¹⁶ of one word each, then of 26 bits of each of two.
    expect([...RandomStream.fromSeed(42).integers(4, 65536)]).toEqual([40170, 30709, 4799, 22338]);
    expect([...RandomStream.fromSeed(42).integers(4, 65537)]).toEqual([40171, 4799, 64732, 33679]);
    expect([...RandomStream.fromSeed(42).integers(4, 3 * 2 ** 29)]).toEqual([
      987240995, 117947960, 1590832231, 827703778,
    ]);
    expect(RandomStream.fromSeed(42).fork('data').state.key).toEqual([0x7989322d, 0x61199023]);
  });

  it('use all 53 bits of the seed and count past 2³² blocks', () => {
    const { key } = RandomStream.fromSeed(2 ** 32 + 5).state;
    expect(key).toEqual([5, 1]);
    expect([...RandomStream.restore({ key, position: 2 ** 32 - 1 }).words(8)]).toEqual([
      0xe5c113c1, 0xde278eea, 0x7deceba1, 0x88d03092, 0x439730dd, 0xa4a6d026, 0x1cd38f15,
      0x7b096ec7,
    ]);
  });

  it('do not depend on how whole blocks are drawn', () => {
    const one = RandomStream.fromSeed(1);
    const parts = [...one.words(4), ...one.words(8), ...one.words(4)];
    expect(parts).toEqual([...RandomStream.fromSeed(1).words(16)]);
  });
});

describe('state', () => {
  it('restores exactly, through JSON', () => {
    const stream = RandomStream.fromSeed(7).fork('train');
    sample(stream);
    const saved = JSON.stringify(stream.state);
    const expected = sample(stream);
    const restored = RandomStream.restore(JSON.parse(saved) as RandomState);
    expect(sample(restored)).toEqual(expected);
    expect(restored.state).toEqual(stream.state);
    expect(sample(stream)).not.toEqual(expected);
  });

  it.each([
    [{}, '{}'],
    [{ key: [1], position: 0 }, '{"key":[1],"position":0}'],
    [{ key: [1, 2 ** 32], position: 0 }, '{"key":[1,4294967296],"position":0}'],
    [{ key: [1, 2], position: -1 }, '{"key":[1,2],"position":-1}'],
    [{ key: [1, 2], position: '0' }, '{"key":[1,2],"position":"0"}'],
  ])('is refused when it is %j', (state, text) => {
    expect(() => RandomStream.restore(state as unknown as RandomState)).toThrow(
      `RandomStream.restore: the state must be { key: [uint32, uint32], position }, got ${text}`,
    );
  });
});

describe('forks', () => {
  it('depend on the name and not on the order or the position', () => {
    const a = RandomStream.fromSeed(3);
    const b = RandomStream.fromSeed(3);
    const first = [sample(a.fork('x')), sample(a.fork('y'))];
    sample(b);
    const second = [sample(b.fork('y')), sample(b.fork('x'))];
    expect(second.reverse()).toEqual(first);
    // Forking moves nothing.
    expect(a.state.position).toBe(0);
  });

  it('differ by name, by seed and by depth', () => {
    // 'Aa' and 'BB' have the same polynomial hash to the base 31.
    const names = ['', 'a', 'b', 'ab', 'ba', 'Aa', 'BB', 'data', 'data ', 'step 1', 'step 2'];
    const streams = [1, 2].flatMap((seed) => {
      const root = RandomStream.fromSeed(seed);
      return [root, ...names.map((name) => root.fork(name)), root.fork('a').fork('b')];
    });
    const keys = new Set(streams.map((stream) => stream.state.key.join()));
    expect(keys.size).toBe(streams.length);
  });

  it('are uncorrelated with their parent and with each other', () => {
    const n = 20_000;
    const parent = RandomStream.fromSeed(11);
    const children = [parent, parent.fork('a'), parent.fork('b'), RandomStream.fromSeed(12)];
    const values = children.map((stream) => take(stream.normal([n])));
    for (let i = 0; i < values.length; i++) {
      for (let j = 0; j < i; j++) {
        const correlation = mean(values[i]!.map((v, k) => v * values[j]![k]!));
        expect(Math.abs(correlation)).toBeLessThan(5 / Math.sqrt(n));
      }
    }
  });
});

describe('normal', () => {
  it('has the moments of N(0, 1), each within 5 standard errors', () => {
    const n = 100_000;
    const values = take(RandomStream.fromSeed(5).normal([n]));
    const moment = (p: number) => mean(values.map((v) => v ** p));
    expect(Math.abs(moment(1))).toBeLessThan(5 * Math.sqrt(1 / n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
    // Both of a Box–Muller pair share a radius, yet are independent: so are their squares.
    const pairs = values.filter((_, i) => i % 2 === 0).map((v, i) => v * values[2 * i + 1]!);
    expect(Math.abs(mean(pairs))).toBeLessThan(5 / Math.sqrt(n / 2));
    // Var(x²y²) = 3·3 − 1.
    expect(Math.abs(mean(pairs.map((v) => v ** 2)) - 1)).toBeLessThan(5 * Math.sqrt(8 / (n / 2)));
  });

  it('scales and shifts', () => {
    const unit = take(RandomStream.fromSeed(5).normal([2, 3]));
    const scaled = RandomStream.fromSeed(5).normal([2, 3], 10, 0.5);
    expect([scaled.shape, scaled.dtype]).toEqual([[2, 3], 'float32']);
    expect(take(scaled)).toBeAllclose(unit.map((v) => 10 + 0.5 * v));
  });

  it('leaves one tensor', () => {
    expectNoLeak(() => RandomStream.fromSeed(1).normal([5]));
    expectNoLeak(() => RandomStream.fromSeed(1).uniform([5]));
    expect(take(RandomStream.fromSeed(1).normal([])).length).toBe(1);
    expect(take(RandomStream.fromSeed(1).normal([0, 3])).length).toBe(0);
  });

  it("uses the backend's kernel where there is one and moves as far", () => {
    const plain = RandomStream.fromSeed(8);
    const fast = RandomStream.fromSeed(8);
    plain.words(4);
    fast.words(4);
    plain.normal([3, 3], 1, 2).dispose();
    let seen: RandomNormalAttrs | undefined;
    tf.registerKernel(
      kernelConfig('RandomNormal', 'cpu', ({ attrs, backend }) => {
        seen = attrs;
        const shape = [...attrs.shape];
        const dataId = backend.write(new Float32Array(9).fill(4), shape, 'float32');
        return { dataId, shape, dtype: 'float32' };
      }),
    );
    try {
      expect([...take(fast.normal([3, 3], 1, 2))]).toEqual(Array(9).fill(4));
    } finally {
      tf.unregisterKernel('RandomNormal', 'cpu');
    }
    expect(seen).toEqual({ key0: 8, key1: 0, position: 1, shape: [3, 3], mean: 1, stddev: 2 });
    expect(fast.state).toEqual(plain.state);
  });
});

describe('uniform', () => {
  it('fills the interval evenly', () => {
    const n = 100_000;
    const values = take(RandomStream.fromSeed(9).uniform([n], -3, 5));
    expect(values.every((v) => v >= -3 && v < 5)).toBe(true);
    // Of the standard deviation 8/√12; the extremes come within 10 of n equal parts of the ends.
    expect(Math.abs(mean(values) - 1)).toBeLessThan((5 * 8) / Math.sqrt(12 * n));
    expect(Math.min(...values)).toBeLessThan(-3 + 80 / n);
    expect(Math.max(...values)).toBeGreaterThan(5 - 80 / n);
  });

  it('never rounds up to the upper bound', () => {
    // 24 bits below 2 do not fit float32's 23 there; between 1000 and 1001 only 14 bits do.
    for (const low of [1, 1000]) {
      const values = take(RandomStream.fromSeed(10).uniform([200_000], low, low + 1));
      expect(values.every((v) => v >= low && v < low + 1)).toBe(true);
    }
  });

  it('gives single numbers of the interval', () => {
    const stream = RandomStream.fromSeed(13);
    const values = Array.from({ length: 1000 }, () => stream.uniformNumber(2, 6));
    expect(values.every((v) => v >= 2 && v < 6)).toBe(true);
    expect(Math.abs(mean(values) - 4)).toBeLessThan((5 * 4) / Math.sqrt(12 * 1000));
  });
});

/** Pearson's χ² of counts that should be equal. */
function chiSquare(counts: number[]): number {
  const expected = mean(counts);
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe('integers', () => {
  it('are uniform over the range', () => {
    const counts = Array.from({ length: 7 }, () => 0);
    for (const i of RandomStream.fromSeed(14).integers(70_000, 7)) counts[i]!++;
    expect(counts.length).toBe(7);
    // Between the 0.1 % and 99.9 % quantiles for 6 degrees of freedom.
    expect(chiSquare(counts)).toBeGreaterThan(0.381);
    expect(chiSquare(counts)).toBeLessThan(22.458);
  });

  it('are uniform over a wide range that is no power of 2', () => {
    // Of single words, 3 of 8 would go to remainders 0 and 1 each, and 2 to remainder 2.
    const counts = [0, 0, 0];
    for (const i of RandomStream.fromSeed(18).integers(30_000, 3 * 2 ** 29)) counts[i % 3]!++;
    // Between the 0.1 % and 99.9 % quantiles for 2 degrees of freedom.
    expect(chiSquare(counts)).toBeGreaterThan(0.002);
    expect(chiSquare(counts)).toBeLessThan(13.816);
  });

  it('reach both ends of the widest and the narrowest range', () => {
    const wide = RandomStream.fromSeed(15).integers(10_000, 2 ** 31);
    expect(wide.every((v) => v >= 0)).toBe(true);
    expect(Math.max(...wide)).toBeGreaterThan(0.99 * 2 ** 31);
    expect(Math.min(...wide)).toBeLessThan(0.01 * 2 ** 31);
    expect([...RandomStream.fromSeed(15).integers(3, 1)]).toEqual([0, 0, 0]);
  });

  it.each([0, -1, 2.5, 2 ** 31 + 1, Number.NaN])('refuse the range %s', (below) => {
    expect(() => RandomStream.fromSeed(1).integers(3, below)).toThrow(
      `RandomStream.integers: below must be an integer from 1 to 2147483648, got ${below}`,
    );
  });
});

describe('permutation', () => {
  it('holds every index once', () => {
    for (const n of [0, 1, 2, 5, 1000]) {
      const order = RandomStream.fromSeed(16).permutation(n);
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
    }
  });

  it('draws places of long orders from two words each', () => {
    const n = 2 ** 20 + 1;
    const stream = RandomStream.fromSeed(42);
    const order = stream.permutation(n);
    // By another implementation, in Python's integers.
    expect([...order.subarray(0, 3)]).toEqual([1012482, 290794, 635511]);
    expect([...order.subarray(-3)]).toEqual([236714, 87414, 1017844]);
    expect(stream.state.position).toBe(Math.ceil(n / 2));
  });

  it('is uniform over the 24 orders of four', () => {
    const stream = RandomStream.fromSeed(17);
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = stream.permutation(4).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    // Between the 0.1 % and 99.9 % quantiles for 23 degrees of freedom.
    expect(chiSquare([...counts.values()])).toBeGreaterThan(7.529);
    expect(chiSquare([...counts.values()])).toBeLessThan(49.728);
  });
});

it.each([-1, 0.5, 2 ** 53, Number.NaN])('refuses the seed %s', (seed) => {
  expect(() => RandomStream.fromSeed(seed)).toThrow(UsageError);
  expect(() => RandomStream.fromSeed(seed)).toThrow(
    `RandomStream.fromSeed: seed must be an integer from 0 to 9007199254740991, got ${seed}`,
  );
});

it('refuses numbers of values that are none', () => {
  const stream = RandomStream.fromSeed(1);
  const message = (n: number) =>
    `RandomStream: the number of values must be an integer of at least 0, got ${n}`;
  expect(() => stream.words(-1)).toThrow(message(-1));
  expect(() => stream.integers(2.5, 2 ** 20)).toThrow(message(2.5));
  expect(() => stream.permutation(2.5)).toThrow(message(2.5));
  expect(() => stream.normal([2, Number.NaN])).toThrow(message(Number.NaN));
  expect(stream.state.position).toBe(0);
});
