import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writePng } from './write-png';
import { samplesStripSink } from './samples-strip';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganloom-strip-'));
});
afterEach(() => rm(folder, { recursive: true }));

const end = {
  type: 'end',
  step: 50,
  seconds: 1,
  imagesPerSecond: 1,
  reason: 'steps',
  losses: {},
} as const;

it('shows the samples one after the other, at most forty, the last one longer', async () => {
  for (let step = 1; step <= 50; step++) {
    // Neighbors that were alike would be made one frame.
    const data = new Uint8Array(12 * 10).fill((step * 97) % 256);
    const name = `step-${String(step).padStart(6, '0')}.png`;
    await writePng(join(folder, name), { data, width: 12, height: 10, channels: 1 });
  }
  const sink = samplesStripSink(folder);
  await sink({ type: 'step', step: 50, seconds: 1 });
  expect(await readdir(folder)).toHaveLength(50);
  await sink(end);
  const path = join(folder, 'strip.webp');
  const { format, width, pageHeight, pages, delay, loop } = await sharp(path, {
    animated: true,
  }).metadata();
  expect({ format, width, pageHeight, pages, loop }).toEqual({
    format: 'webp',
    width: 12,
    pageHeight: 10,
    pages: 40,
    loop: 0,
  });
  expect(new Set(delay!.slice(0, -1))).toEqual(new Set([150]));
  expect(delay!.at(-1)).toBe(1500);
  const toneOf = async (page: number) => (await sharp(path, { page }).stats()).channels[0]!.mean;
  expect(Math.abs((await toneOf(0)) - 97)).toBeLessThan(3);
  expect(Math.abs((await toneOf(39)) - 242)).toBeLessThan(3);
});

it('needs two samples to show how they change', async () => {
  await samplesStripSink(join(folder, 'nowhere'))(end);
  await writePng(join(folder, 'step-000001.png'), {
    data: new Uint8Array(4),
    width: 2,
    height: 2,
    channels: 1,
  });
  await samplesStripSink(folder)(end);
  expect(await readdir(folder)).toEqual(['step-000001.png']);
});
