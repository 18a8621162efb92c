import { fileURLToPath } from 'node:url';
import { writeFileSync } from 'node:fs';
import { findChromium } from '@ganloom/config/chromium';
import { inChromium } from '@ganloom/test-tools/in-chromium';
import { useBackend } from '@ganloom/backends';
import { it } from 'vitest';
import { trainedWeights, trainingNames } from './trainings';

const page = fileURLToPath(new URL('page.ts', import.meta.url));
it('tries', async () => {
  const expected: any = {};
  await useBackend('wasm');
  for (const n of trainingNames) expected[n] = await trainedWeights(n);
  for (const backend of (process.env.B ?? 'webgpu,webgl').split(',')) {
    await inChromium(findChromium()!, page, async (p) => {
      p.on('console', (m) => console.log('PAGE', m.text().slice(0, 300)));
      console.log(await p.evaluate((b) => window.start(b), backend));
      for (const n of trainingNames) {
        const t0 = Date.now();
        const got: any = await p
          .evaluate((x) => window.training(x), n)
          .catch((e) => {
            console.log(String(e).slice(0, 500));
            return undefined;
          });
        if (!got) continue;
        let worst: any[] = [];
        for (const k of Object.keys(expected[n])) {
          let m = 0,
            s = 0;
          expected[n][k].forEach((e: number, i: number) => {
            s = Math.max(s, Math.abs(e));
            m = Math.max(m, Math.abs(got[k][i] - e));
          });
          worst.push([k, m, s]);
        }
        worst.sort((a, b) => b[1] - a[1]);
        console.log(backend, n, Date.now() - t0, 'ms', JSON.stringify(worst.slice(0, 6)));
      }
      if (process.env.K) {
        const t0 = Date.now();
        const k = await p.evaluate((b) => window.kernels(b, 1e-5), backend);
        console.log(
          Date.now() - t0,
          'ms',
          JSON.stringify(Object.fromEntries(Object.entries(k).filter(([, v]) => v)), null, 1),
        );
      }
      if (process.env.G) {
        const t0 = Date.now();
        const k = await p.evaluate((b) => window.gradients(b), backend);
        console.log(
          Date.now() - t0,
          'ms',
          JSON.stringify(Object.fromEntries(Object.entries(k).filter(([, v]) => v)), null, 1),
        );
      }
    });
  }
}, 600000);
