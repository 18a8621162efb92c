import { fileURLToPath } from 'node:url';
import { findChromium } from '@ganloom/config/chromium';
import { inChromium } from '@ganloom/test-tools/in-chromium';
import { beforeAll, describe, expect, it } from 'vitest';
import { webgpuTests } from '../../../test/webgpu-cases';
import { webgpuFaults } from '../../../test/webgpu-faults';
import { faultOf } from './fault';
import type { Outcome } from './outcome';

const executablePath = findChromium();
if (executablePath === undefined) {
  console.warn('Skipped: no Chromium found; install one, or set CHROMIUM_PATH');
}

describe.skipIf(executablePath === undefined)('the stock webgpu backend, in Chromium', () => {
  let outcomes: Record<string, Outcome[]>;

  beforeAll(async () => {
    const page = fileURLToPath(new URL('../../../test/webgpu-page.ts', import.meta.url));
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
