import { join } from 'node:path';
import type { Sink } from '../lib/events';
import { imageGrid } from '../lib/image-grid';
import { writePng } from './png';

// Pictures smaller than this are enlarged, so that a grid of 28×28 digits can be looked at.
const COMFORTABLE = 56;

/** Writes each grid of samples to `folder/step-000500.png`. */
export function samplesSink(folder: string): Sink {
  return async (event) => {
    if (event.type !== 'samples') return;
    const [, height, width] = event.images.shape;
    const zoom = Math.max(1, Math.floor(COMFORTABLE / Math.max(height, width)));
    const name = `step-${String(event.step).padStart(6, '0')}.png`;
    await writePng(join(folder, name), imageGrid(event.images, { zoom }));
  };
}
