import type { Picture } from './picture';

const LEVELS = Float32Array.from({ length: 256 }, (_, v) => v / 127.5 - 1);

/** The eight ways to lay a square on itself, made of these three. */
export interface Symmetry {
  /** Left to right. */
  readonly mirrored?: boolean;
  /** Upside down. */
  readonly turned?: boolean;
  /** Rows become columns, before the others; squares only. */
  readonly transposed?: boolean;
}

/** Writes a picture's bytes as v/127.5 − 1: 0 ↦ −1, 255 ↦ 1. */
export function toUnit(
  { data, height, width, channels }: Picture,
  target: Float32Array,
  { mirrored = false, turned = false, transposed = false }: Symmetry = {},
): void {
  let to = 0;
  for (let y = 0; y < height; y++) {
    const row = turned ? height - 1 - y : y;
    for (let x = 0; x < width; x++) {
      const column = mirrored ? width - 1 - x : x;
      const from = (transposed ? column * width + row : row * width + column) * channels;
      for (let c = 0; c < channels; c++) target[to++] = LEVELS[data[from + c]!]!;
    }
  }
}
