import { writePng } from '@ganloom/cli';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { decodePicture } from '@ganloom/images/node';
import { imageGrid } from '@ganloom/images';

/** Frames in a strip, and the side of each in pixels. */
const MOST = 10;
const SIDE = 240;

/** Puts the frames in a folder side by side: the first, the last, and some evenly between. */
export async function writeFrameStrip(folder: string, file: string): Promise<void> {
  const frames = (await readdir(folder)).filter((name) => name.endsWith('.png')).sort();
  const count = Math.min(MOST, frames.length);
  if (count === 0) return;
  const data = new Uint8Array(count * SIDE * SIDE * 3);
  for (let i = 0; i < count; i++) {
    const frame = frames[Math.round((i * (frames.length - 1)) / Math.max(1, count - 1))]!;
    const size = { height: SIDE, width: SIDE };
    const picture = await decodePicture(join(folder, frame), { channels: 3, size });
    data.set(picture.data, i * SIDE * SIDE * 3);
  }
  await writePng(file, imageGrid({ data, shape: [count, SIDE, SIDE, 3] }, { columns: count }));
}
