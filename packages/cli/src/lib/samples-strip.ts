import { readFrames } from '@ganloom/report';
import { runNames } from '@ganloom/runs';
import type { Store } from '@ganloom/storage';
import type { Sink } from '@ganloom/training';

const MOST_FRAMES = 40;
// A shown frame is seldom larger, and encoding takes time by the pixel.
const WIDEST = 800;
const DELAY_MS = 150;
const LAST_DELAY_MS = 1500;

/**
 * Writes how the samples came to be as an animation, `strip.webp` beside the sample grids, when the
 * run is over: at most 40 of them, evenly chosen, the last shown longer.
 */
export function samplesStripSink(run: Store): Sink {
  return async ({ type }) => {
    if (type !== 'end') return;
    const chosen = await readFrames(run, { count: MOST_FRAMES, bytes: Infinity });
    if (chosen.length < 2) return;
    const { default: sharp } = await import('sharp');
    const resize = { width: WIDEST, withoutEnlargement: true };
    const frames = await Promise.all(
      chosen.map(({ png }) => sharp(png).resize(resize).png({ compressionLevel: 1 }).toBuffer()),
    );
    const delay = chosen.map((_, i) => (i === chosen.length - 1 ? LAST_DELAY_MS : DELAY_MS));
    const strip = sharp(frames, { join: { animated: true } });
    const webp = await strip.webp({ delay, loop: 0, quality: 80, effort: 2 }).toBuffer();
    await run.put(`${runNames.samples}/strip.webp`, webp);
  };
}
