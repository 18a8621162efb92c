/** One picture as bytes 0–255, row-major `[height, width, channels]`. */
export interface Picture {
  readonly data: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

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
