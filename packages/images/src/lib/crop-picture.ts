import type { Picture } from './picture';

/** A part of a picture, copied. The caller keeps it within the picture. */
export function cropPicture(
  { data, width, channels }: Picture,
  top: number,
  left: number,
  height: number,
  columns: number,
): Picture {
  const row = columns * channels;
  const cut = new Uint8Array(height * row);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * width + left) * channels;
    cut.set(data.subarray(from, from + row), y * row);
  }
  return { data: cut, height, width: columns, channels };
}
