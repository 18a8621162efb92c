import { mapSample, RandomStream, type Sample, sumOf, type Term } from '@ganloom/core';
import { installGradients, variableGradients } from '@ganloom/gradients';
import { expectNoLeak, type Tolerance } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import { termContext, type TermContextOptions } from './term-context';
import { unchanged } from './unchanged';

/** Settings of {@link checkTerm}. */
export interface CheckTermOptions {
  /** What the term's side learns by it, such as a discriminator's weights. Default: the fake sample. */
  readonly variables?: readonly tf.Variable[];
  /** Of finite differences; default 0.02, as values are float32. */
  readonly step?: number;
  /** Default `{ rtol: 1e-2, atol: 1e-3 }`. */
  readonly tolerance?: Tolerance;
}

/**
 * What holds for every term: its settings make sense; its value is a finite scalar, the same for the
 * same stream; its gradient is the slope of its value, by finite differences along three directions; no
 * tensor is left over. Samples must be away from kinks, such as those of absolute values.
 *
 * @param encounter samples on the current backend, and `critique` if the term asks for critiques
 */
export function checkTerm<S extends Sample>(
  term: Term<S>,
  encounter: TermContextOptions<S>,
  options: CheckTermOptions = {},
): void {
  installGradients();
  checkSettings(term);
  const { variables, step = 0.02, tolerance = { rtol: 1e-2, atol: 1e-3 } } = options;
  const remembered = [...(variables ?? []), ...Object.values(term.state ?? {})];
  const { point, valueAt, gradient } = variables
    ? ofVariables(term, encounter, variables)
    : ofSample(term, encounter);
  const read = (at: readonly tf.Tensor[]) =>
    unchanged(remembered, () =>
      tf.tidy(() => {
        const value = valueAt(at);
        expect(value.shape, 'the shape of the value').toEqual([]);
        return value.dataSync()[0]!;
      }),
    );

  const value = read(point);
  expect(Number.isFinite(value), `the value ${value}`).toBe(true);
  expect(read(point), 'the value by the same stream').toBe(value);
  expectNoLeak(() =>
    unchanged(remembered, () => tf.tidy(() => term.value(termContext(encounter)))),
  );

  tf.tidy(() => {
    const gradients = unchanged(remembered, gradient);
    for (const seed of [1, 2, 3]) {
      const random = RandomStream.fromSeed(seed);
      const directions = point.map(({ shape }, i) => random.fork(`${i}`).normal(shape));
      const along = (t: number) => read(point.map((x, i) => tf.add(x, tf.mul(directions[i]!, t))));
      const central = (h: number) => (along(h) - along(-h)) / (2 * h);
      // Richardson's: wide enough steps for float32, and an error of the fourth order.
      const expected = (4 * central(step) - central(2 * step)) / 3;
      const slope = sumOf(gradients.map((g, i) => tf.sum(tf.mul(g, directions[i]!))));
      expect(slope, 'the slope along a direction').toBeAllclose([expected], tolerance);
    }
  });
}

/** What a term's side learns by it, and the term as a function of that. */
interface Learned {
  readonly point: readonly tf.Tensor[];
  valueAt(point: readonly tf.Tensor[]): tf.Scalar;
  gradient(): tf.Tensor[];
}

function ofVariables<S extends Sample>(
  term: Term<S>,
  encounter: TermContextOptions<S>,
  variables: readonly tf.Variable[],
): Learned {
  const here = () => term.value(termContext(encounter));
  // Copies, as the variables move.
  const point = variables.map((variable) => tf.tensor(variable.dataSync(), variable.shape));
  return {
    point,
    valueAt(values) {
      values.forEach((value, i) => variables[i]!.assign(value));
      return here();
    },
    gradient() {
      const { grads } = variableGradients(here, [...variables]);
      return variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable));
    },
  };
}

function ofSample<S extends Sample>(term: Term<S>, encounter: TermContextOptions<S>): Learned {
  const point: tf.Tensor[] = [];
  mapSample(encounter.fake, (x) => {
    if (x.dtype === 'float32') point.push(x);
    return x;
  });
  const valueAt = (values: readonly tf.Tensor[]) => {
    const next = values.values();
    const fake = mapSample(encounter.fake, (x) => (x.dtype === 'float32' ? next.next().value! : x));
    return term.value(termContext({ ...encounter, fake }));
  };
  return {
    point,
    valueAt,
    gradient: () =>
      // What the term does not look at has none.
      (tf.grads((...x: tf.Tensor[]) => valueAt(x))(point) as (tf.Tensor | undefined)[]).map(
        (g, i) => g ?? tf.zerosLike(point[i]!),
      ),
  };
}

function checkSettings<S extends Sample>({ name, player, weight, every = 1 }: Term<S>): void {
  expect(name).not.toBe('');
  expect(['generator', 'discriminator']).toContain(player);
  const first = typeof weight === 'number' ? weight : weight.at(0);
  expect(Number.isFinite(first) && first >= 0, `the weight ${first}`).toBe(true);
  expect(Number.isSafeInteger(every) && every >= 1, `every ${every}`).toBe(true);
}
