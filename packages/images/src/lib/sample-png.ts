import type { Picture, Pictures } from './picture';
import { imageGrid } from './image-grid';
import { encodePng } from './png';

/** A grid of samples, and the same as a PNG. */
export interface SamplePng {
  readonly grid: Picture;
  readonly png: Uint8Array<ArrayBuffer>;
}

// Pictures smaller than this are enlarged, so that a grid of 28×28 digits can be looked at.
const COMFORTABLE = 56;

/** The grid that people look at. */
export function samplePng(pictures: Pictures): SamplePng {
  const [, height, width] = pictures.shape;
  const zoom = Math.max(1, Math.floor(COMFORTABLE / Math.max(height, width)));
  const grid = imageGrid(pictures, { zoom });
  return { grid, png: encodePng(grid) };
}
