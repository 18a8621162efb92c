import { checkKernels, conformanceFamilies } from '@ganloom/kernels/testing';
import { describe, expect, it } from 'vitest';
import { profileKernels } from '../src/lib/kernel-profile';
import { BACKEND_NAME } from '../src/lib/kernels/kernel';
import { fastKernels } from '../src/lib/register';
import { onEverySetting } from './on-every-setting';

const profile = profileKernels();

onEverySetting(() => {
  describe.each(conformanceFamilies)('$title', ({ tests }) => {
    for (const test of tests) {
      it(test.name, async () => {
        const { passed } = await checkKernels(BACKEND_NAME, { tests: [test] });
        expect(passed).toEqual([test.name]);
      });
    }
  });
});

it('every fast kernel ran in WebAssembly', () => {
  const fast = profile().filter(({ runsIn }) => runsIn === 'wasm');
  expect(fast.map(({ name }) => name).sort()).toEqual(fastKernels.map(({ name }) => name).sort());
});
