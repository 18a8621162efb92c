import { fileURLToPath } from 'node:url';
import { findChromium } from '@ganloom/config/chromium';
import { inChromium } from '@ganloom/test-tools/in-chromium';
import { it } from 'vitest';
it('dbg', async () => {
  await inChromium(
    findChromium()!,
    fileURLToPath(new URL('dbg.ts', import.meta.url)),
    async (p) => {
      console.log(JSON.stringify(await p.evaluate(() => (window as any).dbg()), null, 1));
    },
  );
}, 60000);
