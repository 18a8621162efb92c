import type { Term, TermContext } from '@ganloom/core';
import { expectNoLeak, finiteDifference } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  absoluteError,
  charbonnier,
  type ContentOptions,
  type ContentTerm,
  squaredError,
} from './content';
import { perceptual } from './perceptual';

beforeAll(() => tf.setBackend('cpu'));

const REAL = [0.5, -1, 0, 0.25];
const FAKE = [0, 1, -0.25, 0.75];

/** A term looks at nothing but the samples. */
function valueOf(term: ContentTerm, real: tf.Tensor, fake: tf.Tensor): tf.Scalar {
  return term.value({ real, fake } as unknown as TermContext);
}

const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
type Make = (options?: ContentOptions) => ContentTerm;
const smooth: Make = (options) => charbonnier({ ...options, epsilon: 0.1 });
const cases: [string, Make, (difference: number) => number, number][] = [
  // Differences −½, 2, −¼, ½.
  ['squaredError', squaredError, (d) => d ** 2, (0.25 + 4 + 0.0625 + 0.25) / 4],
  ['absoluteError', absoluteError, Math.abs, 3.25 / 4],
  ['charbonnier', smooth, (d) => Math.hypot(d, 0.1), 0.82289],
];

describe.each(cases)('%s', (where, make, distance, byHand) => {
  const term = make();

  it('is the mean of its distance, with its gradient', () => {
    tf.tidy(() => {
      const real = tf.tensor4d(REAL, [1, 2, 2, 1]);
      const fake = tf.tensor4d(FAKE, [1, 2, 2, 1]);
      const value = valueOf(term, real, fake);
      expect(value.shape).toEqual([]);
      expect(value).toBeAllclose([byHand]);
      const gradient = tf.grad((x) => valueOf(term, real, x))(fake);
      const reference = (x: ArrayLike<number>) => mean(REAL.map((y, i) => distance(x[i]! - y)));
      expect(gradient).toBeAllclose(finiteDifference(reference, FAKE));
    });
    const some = tf.tensor1d(REAL);
    expectNoLeak(() => valueOf(term, some, some));
    some.dispose();
  });

  it('says what it does not take', () => {
    for (const weight of [-1, NaN, Infinity]) {
      expect(() => make({ weight })).toThrow(
        `${where}: weight must be a number of at least 0, got ${weight}`,
      );
    }
    const [grey, color] = [tf.zeros([2, 2, 2, 1]), tf.zeros([2, 2, 2, 3])];
    expect(() => valueOf(term, color, grey)).toThrow(
      `${where}: fakes must have the shape [2,2,2,3] of the real examples, got [2,2,2,1]; let G`,
    );
    tf.dispose([grey, color]);
  });

  it('compares the pictures of samples with several members', () => {
    tf.tidy(() => {
      const [real, fake] = [tf.tensor1d(REAL), tf.tensor1d(FAKE)];
      const context = { real: { images: real, x: fake }, fake: { images: fake, x: fake } };
      expect(term.value(context as unknown as TermContext)).toBeAllclose([byHand]);
      const other = make({ member: 'x' });
      const none = distance(0);
      expect(other.value(context as unknown as TermContext)).toBeAllclose([none]);
      expect(() => make({ member: 'y' }).value(context as unknown as TermContext)).toThrow(
        `${where}: there must be a tensor "y", got [images,x]`,
      );
    });
  });

  it('is a term of the generator', () => {
    const expected: Partial<Term> = { player: 'generator', weight: 1 };
    expect(term).toMatchObject(expected);
  });
});

it('takes a weight, which may be a schedule, and a positive ε', () => {
  expect(absoluteError({ weight: 3 }).weight).toBe(3);
  const weight = { name: 'falling', at: (update: number) => 1 / (1 + update) };
  expect(absoluteError({ weight }).weight).toBe(weight);
  for (const epsilon of [0, NaN, Infinity]) {
    expect(() => charbonnier({ epsilon })).toThrow(
      `charbonnier: epsilon must be a number above 0, got ${epsilon}`,
    );
  }
});

describe('perceptual', () => {
  const input = tf.input({ shape: [1, 2, 1] });
  const pooled = tf.layers.globalAveragePooling2d({}).apply(input) as tf.SymbolicTensor;
  const twice = tf.layers.add().apply([input, input]) as tf.SymbolicTensor;
  const features = tf.model({ inputs: input, outputs: [pooled, twice] });
  const term = perceptual({ features, weight: 2, preprocess: (x) => tf.add(x, 1) });

  it('adds the mean squared distances of the outputs', () => {
    tf.tidy(() => {
      const real = tf.tensor4d([1, 0], [1, 1, 2, 1]);
      const fake = tf.tensor4d([3, 0], [1, 1, 2, 1]);
      // Means 1½ and 2½, and doubles 4, 2 and 8, 2: 1² + (4² + 0²)/2.
      expect(valueOf(term, real, fake)).toBeAllclose([9]);
      const gradient = tf.grad((x) => valueOf(term, real, x))(fake);
      // 2·1·½ + 2·4·2/2 and 2·1·½.
      expect(gradient).toBeAllclose([9, 1]);
    });
    expect(term.weight).toBe(2);
  });

  it('leaks nothing', () => {
    const [real, fake] = [tf.ones([1, 1, 2, 1]), tf.zeros([1, 1, 2, 1])];
    expectNoLeak(() => valueOf(term, real, fake));
    expectNoLeak(() => tf.grad((x) => valueOf(term, real, x))(fake));
    tf.dispose([real, fake]);
  });

  it('says which weights and pictures it takes', () => {
    expect(() => perceptual({ features, weight: NaN })).toThrow(
      'perceptual: weight must be a number of at least 0, got NaN',
    );
    const [one, two] = [tf.zeros([1, 1, 2, 1]), tf.zeros([2, 1, 2, 1])];
    expect(() => valueOf(term, two, one)).toThrow(
      'perceptual: fakes must have the shape [2,1,2,1] of the real examples, got [1,1,2,1]; let G',
    );
    tf.dispose([one, two]);
    const large = tf.zeros([1, 5, 5, 3]);
    expect(() => valueOf(term, large, large)).toThrow(
      "perceptual: pictures must be [any,1,2,1], as the features' network takes, got [1,5,5,3]; give",
    );
    large.dispose();
  });
});
