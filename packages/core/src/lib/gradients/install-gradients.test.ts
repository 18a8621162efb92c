import { registerWasmBackend } from '@ganloom/backend-wasm';
import '@ganloom/testing';
import { expectNoLeak } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { inputValues } from '../../gradient-table/gradient-case';
import { gradientFamilies } from '../../gradient-table/gradient-cases';
import { expectedGradients, measure, tolerance } from '../../gradient-table/measure';
import { installGradients } from './install-gradients';

registerWasmBackend();

const families = gradientFamilies.map((family) => ({
  ...family,
  cases: family.cases.map((gradientCase) => ({
    gradientCase,
    expected: expectedGradients(gradientCase),
  })),
}));

const isRight = (outcome: ReturnType<typeof measure>['first']) =>
  'error' in outcome && outcome.error <= tolerance;

describe('before the installation', () => {
  it('says nothing, even in debug mode, and does its work once', async () => {
    await tf.setBackend('cpu');
    const tanh = tf.getGradient('Tanh');
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    tf.env().set('DEBUG', true);
    warn.mockClear();
    installGradients();
    tf.env().set('DEBUG', false);
    expect(warn).not.toHaveBeenCalled();
    const installed = tf.getGradient('Tanh');
    expect(installed).not.toBe(tanh);
    installGradients();
    expect(tf.getGradient('Tanh')).toBe(installed);
  });
});

describe.each(['cpu', 'ganloom-wasm'])('on %s', (backend) => {
  beforeAll(async () => {
    installGradients();
    expect(await tf.setBackend(backend)).toBe(true);
  });

  for (const { title, cases } of families) {
    describe(title, () => {
      for (const { gradientCase, expected } of cases) {
        const { name, shapes, op, reference, unrepaired } = gradientCase;
        if (unrepaired !== undefined) {
          it(`${name} is still not right`, () => {
            const { first, second } = measure(gradientCase, expected);
            expect(isRight(first) && isRight(second)).toBe(false);
          });
          continue;
        }
        it(name, () => {
          const values = inputValues(gradientCase);
          const y = tf.tidy(() => op(...values.map((v, i) => tf.tensor(v, shapes[i]!))));
          expect(y).toBeAllclose(reference(...values.map((v) => Float64Array.from(v))), {
            rtol: 1e-4,
            atol: 1e-5,
          });
          y.dispose();
          expectNoLeak(() => {
            const { first, second } = measure(gradientCase, expected);
            // Not a bare boolean, so that a failure shows the error or the message.
            expect([first, isRight(first)]).toEqual([first, true]);
            expect([second, isRight(second)]).toEqual([second, true]);
          });
        });
      }
    });
  }
});
