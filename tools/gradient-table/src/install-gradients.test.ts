import { registerWasmBackend } from '@ganloom/backend-wasm';
import { installGradients } from '@ganloom/gradients';
import '@ganloom/test-tools';
import { expectNoLeak } from '@ganloom/test-tools';
import { allclose } from '@ganloom/test-tools/allclose';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { inputValues } from './gradient-case';
import { gradientFamilies } from './gradient-cases';
import { expectedGradients, measure } from './measure';
import { isRight } from './table';

registerWasmBackend();

const trials = gradientFamilies
  .flatMap(({ cases }) => cases)
  .flatMap((gradientCase) =>
    gradientCase.trials.map((trial, number) => ({
      ...gradientCase,
      trial,
      number,
      at: trial.shapes.map((shape) => `[${shape}]`).join(' '),
      expected: expectedGradients(trial),
    })),
  );
const repaired = trials.filter(({ unrepaired }) => unrepaired === undefined);
const unrepaired = trials.filter((one) => one.unrepaired !== undefined);

describe.each(['cpu', 'ganloom-wasm'])('on %s', (backend) => {
  beforeAll(async () => {
    installGradients();
    await tf.setBackend(backend);
  });

  it('runs there', () => {
    expect(tf.getBackend()).toBe(backend);
  });

  it.each(repaired)('$name, $number, at $at', async ({ trial, expected }) => {
    const { shapes, op, reference, wrongForward = {} } = trial;
    const values = inputValues(trial);
    const y = tf.tidy(() => op(...values.map((v, i) => tf.tensor(v, [...shapes[i]!]))));
    const right = reference(...values.map((v) => Float64Array.from(v)));
    const { pass, message } = allclose(y, right, { rtol: 1e-4, atol: 1e-5 });
    expect([pass, message]).toEqual([!(backend in wrongForward), message]);
    y.dispose();
    await expectNoLeak(async () => {
      const { first, second } = await measure(trial, expected);
      // Not a bare boolean, so that a failure shows the error or the message.
      expect([first, isRight(first)]).toEqual([first, true]);
      expect([second, isRight(second)]).toEqual([second, true]);
    });
  });

  it.each(unrepaired)('$name, $number, at $at, is still not right', async ({ trial, expected }) => {
    const { first, second } = await measure(trial, expected);
    expect(isRight(first) && isRight(second)).toBe(false);
  });
});
