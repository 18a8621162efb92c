import { fileURLToPath } from 'node:url';
import { findChromium } from '@ganloom/config/chromium';
import { inChromium } from '@ganloom/test-tools/in-chromium';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { conformanceFamilies } from './conformance/conformance-cases';
import { faultOf } from './conformance/fault';
import { onEverySetting } from './conformance/on-every-setting';
import { type Outcome, outcomeOf } from './conformance/outcome';
import { webgpuTests } from './conformance/webgpu-cases';
import { webgpuFaults } from './conformance/webgpu-faults';
import { profileKernels } from './kernel-profile';
import { BACKEND_NAME } from './kernels/kernel';
import { fastKernels } from './register';

// Every replaced kernel, and the stock ones of webgpu, against the stock CPU backend on seeded random
// shapes. Where that is wrong or has no such kernel, cases say what else is expected.

const profile = profileKernels();

onEverySetting(() => {
  describe.each(conformanceFamilies)('$title', ({ tests }) => {
    for (const { name, cases } of tests) {
      it(name, async () => {
        for (const one of cases()) {
          await tf.setBackend(BACKEND_NAME);
          const outcome = await outcomeOf(one.op, one.inputs);
          expect(await faultOf(one, outcome)).toBeUndefined();
        }
      });
    }
  });
});

it('every fast kernel is tested here or in a test of its own', () => {
  const elsewhere = [
    ...['AdamStep', 'LerpStep', 'LionStep', 'RmsPropStep', 'SgdStep'],
    'RandomNormal',
  ];
  const fast = profile().filter(({ runsIn }) => runsIn === 'wasm');
  const here = fast.map(({ name }) => name);
  expect(fastKernels.map(({ name }) => name).sort()).toEqual([...here, ...elsewhere].sort());
});

const executablePath = findChromium();
if (executablePath === undefined) {
  console.warn('Skipped: no Chromium found; install one, or set CHROMIUM_PATH');
}

describe.skipIf(executablePath === undefined)('on webgpu, in Chromium', () => {
  let outcomes: Record<string, Outcome[]>;

  beforeAll(async () => {
    const page = fileURLToPath(new URL('conformance/page.ts', import.meta.url));
    outcomes = await inChromium(executablePath!, page, (opened) =>
      opened.evaluate(() => window.runOnWebgpu()),
    );
  }, 300_000);

  for (const { name, cases } of webgpuTests) {
    const known = webgpuFaults[name];
    it(known === undefined ? name : `${name}, which is wrong: ${known}`, async () => {
      const faults: string[] = [];
      for (const [i, one] of [...cases()].entries()) {
        // Its functions are less exact than those of the other backends.
        const fault = await faultOf(one, outcomes[name]![i]!, 1e-5);
        if (fault !== undefined) faults.push(fault);
      }
      const details = faults.join('\n') || 'it is right now: take it off the list';
      expect(faults.length > 0, details).toBe(known !== undefined);
    });
  }

  it('is only said to be wrong in what was tried', () => {
    const names = webgpuTests.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
    expect(names).toEqual(expect.arrayContaining(Object.keys(webgpuFaults)));
  });
});
