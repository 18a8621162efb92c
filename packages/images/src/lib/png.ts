import { encode } from 'fast-png';
import type { Picture } from './picture';

/** A picture of 1 (grey), 3 (RGB) or 4 (RGBA) channels as the bytes of a PNG. */
export function encodePng({ data, width, height, channels }: Picture): Uint8Array<ArrayBuffer> {
  // It allocates what it returns, of ordinary memory.
  return encode({ data, width, height, channels }) as Uint8Array<ArrayBuffer>;
}
