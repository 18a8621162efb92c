import type { Picture, Pictures } from './picture';
import { imageGrid, type ImageGridOptions } from './image-grid';
import { encodePng } from './png';

/** A grid of samples, and the same as a PNG. */
export interface SamplePng {
  readonly grid: Picture;
  readonly png: Uint8Array<ArrayBuffer>;
}

// Pictures smaller than this are enlarged, so that a grid of 28×28 digits can be looked at.
const COMFORTABLE = 56;

/**
 * The grid that people look at.
 *
 * @param options `columns`, such as those of `generate({ all: true })`; default: about a square. `zoom`;
 *   default: pictures below 56 pixels become as large as fits into that
 */
export function samplePng(pictures: Pictures, options: ImageGridOptions = {}): SamplePng {
  const [, height, width] = pictures.shape;
  const zoom = Math.max(1, Math.floor(COMFORTABLE / Math.max(height, width)));
  const grid = imageGrid(pictures, { zoom, ...options });
  return { grid, png: encodePng(grid) };
}
