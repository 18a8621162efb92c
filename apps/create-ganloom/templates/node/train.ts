import { writeFile } from 'node:fs/promises';
import { mnist } from '@ganloom/datasets/node';
import { samplePng } from '@ganloom/images';
import { diskStore } from '@ganloom/storage/node';
import { gan } from 'ganloom';

// Pictures of your own: imageFolder('photos', { size: { height: 64, width: 64 }, channels: 3 }).
const data = await mnist({ split: 'train' });

const mine = await gan({ data });
const parts = Number(process.argv[2] ?? 20);
for (let part = 1; part <= parts; part++) {
  const { losses } = await mine.train({ steps: 100 });
  const { pictures } = await mine.generate({ count: 64, seed: 1 });
  await writeFile('samples.png', samplePng(pictures).png);
  console.log(`${part * 100} steps: look at samples.png`, losses);
}
await mine.save(diskStore('saved'));
mine.dispose();
