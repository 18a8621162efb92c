import { encodePng } from '@ganloom/images';
import { samplesAt } from '@ganloom/runs';
import { memoryStore, type Store } from '@ganloom/storage';
import sharp from 'sharp';
import { beforeEach, expect, it } from 'vitest';
import { samplesStripSink } from './samples-strip';

let run: Store;
beforeEach(() => {
  run = memoryStore();
});

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
    await run.put(samplesAt(step), encodePng({ data, width: 12, height: 10, channels: 1 }));
  }
  const sink = samplesStripSink(run);
  await sink({ type: 'step', step: 50, seconds: 1 });
  expect(await run.list('samples')).toHaveLength(50);
  await sink(end);
  const strip = await run.get('samples/strip.webp');
  const { format, width, pageHeight, pages, delay, loop } = await sharp(strip, {
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
  const toneOf = async (page: number) => (await sharp(strip, { page }).stats()).channels[0]!.mean;
  expect(Math.abs((await toneOf(0)) - 97)).toBeLessThan(3);
  expect(Math.abs((await toneOf(39)) - 242)).toBeLessThan(3);
});

it('needs two samples to show how they change', async () => {
  await samplesStripSink(run.within('nowhere'))(end);
  const picture = { data: new Uint8Array(4), width: 2, height: 2, channels: 1 };
  await run.put(samplesAt(1), encodePng(picture));
  await samplesStripSink(run)(end);
  expect(await run.list('samples')).toEqual(['step-000001.png']);
});
