import { fileURLToPath } from 'node:url';
import { registerWasmBackend } from '@ganloom/backend-wasm';
import { findChromium } from '@ganloom/config/chromium';
import '@ganloom/testing';
import { expectNoLeak } from '@ganloom/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { inputValues } from '../../gradient-table/gradient-case';
import { gradientFamilies } from '../../gradient-table/gradient-cases';
import {
  expectedGradients,
  measure,
  type Measurements,
  type Outcome,
  tolerance,
} from '../../gradient-table/measure';
import { measureInChromium } from '../../gradient-table/measure-in-chromium';
import { installGradients } from './install-gradients';

registerWasmBackend();

const cases = gradientFamilies
  .flatMap((family) => family.cases)
  .map((gradientCase) => ({ ...gradientCase, expected: expectedGradients(gradientCase) }));
const repaired = cases.filter(({ unrepaired }) => unrepaired === undefined);
const unrepaired = cases.filter((gradientCase) => !repaired.includes(gradientCase));

const isRight = (outcome: Outcome) => 'error' in outcome && outcome.error <= tolerance;

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
    await tf.setBackend(backend);
  });

  it('runs there', () => {
    expect(tf.getBackend()).toBe(backend);
  });

  it.each(repaired)('$name', async (gradientCase) => {
    const { shapes, op, reference, expected } = gradientCase;
    const values = inputValues(gradientCase);
    const y = tf.tidy(() => op(...values.map((v, i) => tf.tensor(v, shapes[i]!))));
    expect(y).toBeAllclose(reference(...values.map((v) => Float64Array.from(v))), {
      rtol: 1e-4,
      atol: 1e-5,
    });
    y.dispose();
    await expectNoLeak(async () => {
      const { first, second } = await measure(gradientCase, expected);
      // Not a bare boolean, so that a failure shows the error or the message.
      expect([first, isRight(first)]).toEqual([first, true]);
      expect([second, isRight(second)]).toEqual([second, true]);
    });
  });

  it.each(unrepaired)('$name is still not right', async (gradientCase) => {
    const { first, second } = await measure(gradientCase, gradientCase.expected);
    expect(isRight(first) && isRight(second)).toBe(false);
  });
});

const executablePath = findChromium();
if (executablePath === undefined) {
  console.warn('Skipped: no Chromium found; install one, or set CHROMIUM_PATH');
}

describe.skipIf(executablePath === undefined)('on webgpu, in Chromium', () => {
  let measured: Measurements;
  beforeAll(async () => {
    const page = fileURLToPath(new URL('../../gradient-table/page.ts', import.meta.url));
    measured = await measureInChromium(executablePath!, page, true);
  }, 300_000);

  it.each(repaired.filter((one) => !one.unreliableOnWebgpu))('$name', ({ name }) => {
    const { first, second } = measured[name]!;
    expect([first, isRight(first)]).toEqual([first, true]);
    expect([second, isRight(second)]).toEqual([second, true]);
  });
});
