import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePng } from './write-png';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeNpy } from '@ganloom/storage';
import { pictureWriter } from './picture-files';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganloom-pictures-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('writePng keeps the bytes of a color picture', async () => {
  const data = Uint8Array.of(255, 0, 10, 20, 30, 40);
  await writePng(join(folder, 'x.png'), { data, width: 2, height: 1, channels: 3 });
  expect([...(await sharp(join(folder, 'x.png')).raw().toBuffer())]).toEqual([...data]);
});

describe('pictureWriter', () => {
  const pictures = { data: Uint8Array.of(0, 50, 100, 250), shape: [2, 1, 2, 1] as const };

  it('writes what the ending asks for', async () => {
    const write = async (name: string) =>
      (await pictureWriter(join(folder, name), { grid: { gap: 0, columns: 1 } }))(pictures);
    await write('a.npy');
    const { data, shape } = decodeNpy(await readFile(join(folder, 'a.npy')));
    expect([[...data], shape]).toEqual([[...pictures.data], [...pictures.shape]]);
    await write('a.PNG');
    const grid = await sharp(join(folder, 'a.PNG')).toColourspace('b-w').raw().toBuffer();
    expect([...grid]).toEqual([...pictures.data]);
    await write('all');
    const second = await sharp(join(folder, 'all', '000001.png'))
      .toColourspace('b-w')
      .raw()
      .toBuffer();
    expect([...second]).toEqual([100, 250]);
  });

  it('refuses an unknown ending and what is there, unless told to replace it', async () => {
    await expect(pictureWriter('a.gif')).rejects.toThrow(
      '--out must end in .npy or .png, or name a folder, got "a.gif"',
    );
    const out = join(folder, 'a.npy');
    await writeFile(out, 'mine');
    await expect(pictureWriter(out)).rejects.toThrow('exists already; choose another');
    await (
      await pictureWriter(out, { force: true })
    )(pictures);
    expect([...decodeNpy(await readFile(out)).data]).toEqual([...pictures.data]);
  });
});
