/** One picture as bytes 0–255, row-major `[height, width, channels]`: grey with 1 channel, RGB with 3. */
export interface Picture {
  readonly data: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** `count` pictures as bytes, row-major `[count, height, width, channels]`. */
export interface Pictures {
  readonly data: Uint8Array;
  readonly shape: readonly [count: number, height: number, width: number, channels: number];
}
