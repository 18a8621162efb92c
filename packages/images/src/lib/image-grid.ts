import type { Picture, Pictures } from './picture';

/** Settings of {@link imageGrid}. */
export interface ImageGridOptions {
  /** Default: as many as make the grid about square. */
  readonly columns?: number;
  /** Pixels between pictures; default 2. */
  readonly gap?: number;
  /** Each pixel becomes a square of this many; default 1. */
  readonly zoom?: number;
}

/** Lays pictures out row by row on a black ground. */
export function imageGrid({ data, shape }: Pictures, options: ImageGridOptions = {}): Picture {
  const [count, height, width, channels] = shape;
  const { columns = Math.ceil(Math.sqrt(count)), gap = 2, zoom = 1 } = options;
  const rows = Math.ceil(count / columns);
  const gridWidth = columns * (width * zoom + gap) - gap;
  const gridHeight = rows * (height * zoom + gap) - gap;
  const grid = new Uint8Array(gridWidth * gridHeight * channels);
  for (let n = 0; n < count; n++) {
    const top = Math.floor(n / columns) * (height * zoom + gap);
    const left = (n % columns) * (width * zoom + gap);
    for (let y = 0; y < height * zoom; y++) {
      const row = (n * height + Math.floor(y / zoom)) * width;
      for (let x = 0; x < width * zoom; x++) {
        const from = (row + Math.floor(x / zoom)) * channels;
        const to = ((top + y) * gridWidth + left + x) * channels;
        for (let c = 0; c < channels; c++) grid[to + c] = data[from + c]!;
      }
    }
  }
  return { data: grid, width: gridWidth, height: gridHeight, channels };
}
