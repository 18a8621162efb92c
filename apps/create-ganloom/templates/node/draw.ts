import { writeFile } from 'node:fs/promises';
import { samplePng } from '@ganloom/images';
import { diskStore } from '@ganloom/storage/node';
import { loadGenerator } from 'ganloom';

const generator = await loadGenerator(diskStore('saved/generator'));
const seed = Number(process.argv[2] ?? 1);
const { pictures } = await generator.generate({ count: 100, seed });
await writeFile(`drawn-${seed}.png`, samplePng(pictures).png);
console.log(`look at drawn-${seed}.png`);
generator.dispose();
