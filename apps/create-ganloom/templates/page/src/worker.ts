import { samplePng } from '@ganloom/images';
import { gan } from 'ganloom';
import { disks } from './disks';

/** What the page is told. */
export interface Progress {
  readonly text: string;
  readonly png?: Uint8Array<ArrayBuffer>;
}

const say = (progress: Progress) => postMessage(progress);

// With a generator of yours in public/generator:
// const generator = await loadGenerator(urlStore('/generator')); await generator.generate({ count: 36 });
const mine = await gan({ data: disks });
for (let step = 20; step <= 1000; step += 20) {
  await mine.train({ steps: 20 });
  const { pictures } = await mine.generate({ count: 36, seed: 1 });
  say({ text: `${step} steps`, png: samplePng(pictures).png });
}
