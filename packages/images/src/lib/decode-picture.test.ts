import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GanloomError } from '@ganloom/core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { decodePicture, pictureSize } from '../node';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'decode-'));
});
afterAll(() => rm(folder, { recursive: true }));

const noise = { create: { width: 40, height: 30, channels: 3, background: '#123456' } } as const;
const refusal = (file: string) =>
  expect.objectContaining({ message: expect.stringContaining(`${file} cannot be decoded: `) });

it('says what is missing where there is no decoder', async () => {
  vi.resetModules();
  vi.doMock('sharp', () => {
    throw new Error('Could not load the "sharp" module using the linux-x64 runtime\nand more');
  });
  const { decodePicture: without } = await import('./decode-picture');
  await expect(without(join(folder, 'any.png'), { channels: 1 })).rejects.toThrow(
    /^pictures are decoded by "sharp", which cannot be loaded: .*; install it: npm install sharp$/,
  );
  vi.doUnmock('sharp');
  vi.resetModules();
});

it('reads size and pixels', async () => {
  const file = join(folder, 'whole.png');
  await writeFile(file, await sharp(noise).png().toBuffer());
  expect(await pictureSize(file)).toEqual({ height: 30, width: 40 });
  const { data, ...shape } = await decodePicture(file, { channels: 3 });
  expect(shape).toEqual({ height: 30, width: 40, channels: 3 });
  expect([...data.subarray(-3)]).toEqual([0x12, 0x34, 0x56]);
});

it('refuses what is no whole picture, and names it', async () => {
  const whole = await sharp(noise).jpeg().toBuffer();
  const cut = join(folder, 'cut.jpg');
  await writeFile(cut, whole.subarray(0, whole.length - 40));
  await expect(decodePicture(cut, { channels: 3 })).rejects.toEqual(refusal(cut));
  const text = join(folder, 'text.png');
  await writeFile(text, 'not a picture');
  const absent = join(folder, 'absent.png');
  for (const file of [text, absent]) {
    const decode = () => decodePicture(file, { channels: 1, vectorSide: 8 });
    // One after the other: what is refused while nobody waits for it ends the tests.
    for (const read of [() => pictureSize(file), decode]) {
      const error = await read().catch((thrown: unknown) => thrown);
      expect(error).toEqual(refusal(file));
      expect(GanloomError.isInstance(error)).toBe(true);
    }
  }
});
