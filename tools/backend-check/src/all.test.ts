import { fileURLToPath } from 'node:url';
import { appendFileSync } from 'node:fs';
import { findChromium } from '@ganloom/config/chromium';
import { inChromium } from '@ganloom/test-tools/in-chromium';
import { it } from 'vitest';
const page = fileURLToPath(new URL('page-all.ts', import.meta.url));
it('tries', async () => {
  for (const backend of (process.env.B ?? 'webgpu,webgl').split(',')) {
    await inChromium(findChromium()!, page, async (p) => {
      for (let i = 0; i < 140; i += 10) {
        const r = await p
          .evaluate(([b, i]) => (window as any).allKernels(b, i, (i as number) + 10), [backend, i])
          .catch((e) => String(e));
        appendFileSync('/tmp/wtscratch/all-' + backend + '.txt', JSON.stringify(r, null, 1) + '\n');
      }
    });
  }
}, 3000000);
