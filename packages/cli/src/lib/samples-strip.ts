import { join } from 'node:path';
import type { Sink } from '@ganloom/training';
import { sampleFiles, spreadOut } from '@ganloom/report';
import { writeFileAtomic } from '@ganloom/storage/node';

const MOST_FRAMES = 40;
// A shown frame is seldom larger, and encoding takes time by the pixel.
const WIDEST = 800;
const DELAY_MS = 150;
const LAST_DELAY_MS = 1500;

/**
 * Writes how the samples came to be as an animation, `strip.webp` beside the sample grids, when the
 * run is over: at most 40 of them, evenly chosen, the last shown longer.
 */
export function samplesStripSink(folder: string): Sink {
  return async ({ type }) => {
    if (type !== 'end') return;
    const files = spreadOut(await sampleFiles(folder), MOST_FRAMES);
    if (files.length < 2) return;
    const { default: sharp } = await import('sharp');
    const resize = { width: WIDEST, withoutEnlargement: true };
    const frames = await Promise.all(
      files.map(({ path }) => sharp(path).resize(resize).png({ compressionLevel: 1 }).toBuffer()),
    );
    const delay = files.map((_, i) => (i === files.length - 1 ? LAST_DELAY_MS : DELAY_MS));
    const strip = sharp(frames, { join: { animated: true } });
    const webp = await strip.webp({ delay, loop: 0, quality: 80, effort: 2 }).toBuffer();
    await writeFileAtomic(join(folder, 'strip.webp'), webp);
  };
}
