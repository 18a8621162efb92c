import { open } from 'node:fs/promises';
import { GanloomError } from '@ganloom/core';

export interface StripTiff {
  /** Appends rows, `[rows, width, channels]`. */
  write(data: Uint8Array): Promise<void>;
  /** Writes the directory. The file is whole only then. */
  close(): Promise<void>;
}

/** The format counts bytes in 32 bits; the directory needs a little room. */
const MOST_BYTES = 2 ** 32 - 2 ** 22;
/** Readers take a strip at a time, and refuse large ones. */
const STRIP_BYTES = 2 ** 18;
const SHORT = 3;
const LONG = 4;

/**
 * An uncompressed TIFF that is written band by band, so that a picture larger than memory can be
 * handed to an encoder that reads it the same way.
 *
 * TIFF revision 6.0 (1992), sections 4 and 6.
 *
 * @throws GanloomError if the picture has 4 GiB or more.
 */
export async function createStripTiff(
  path: string,
  { height, width, channels }: { height: number; width: number; channels: number },
): Promise<StripTiff> {
  const bytes = height * width * channels;
  if (bytes > MOST_BYTES) {
    throw new GanloomError(
      `the result must have less than 4 GiB of pixels, got ${width}×${height}; cut the picture`,
    );
  }
  const file = await open(path, 'w');
  // Little-endian; the place of the directory is filled in at the end.
  await file.write(Uint8Array.of(0x49, 0x49, 42, 0, 0, 0, 0, 0));
  let at = 8;

  const append = async (data: Uint8Array): Promise<number> => {
    const from = at;
    for (let done = 0; done < data.length;) {
      done += (await file.write(data, done, data.length - done, at + done)).bytesWritten;
    }
    at += data.length;
    return from;
  };
  const long = (...values: number[]) => new Uint8Array(Uint32Array.from(values).buffer);

  return {
    async write(data) {
      await append(data);
    },
    async close() {
      try {
        // Rows follow each other without gaps, so strips may end where it suits.
        const row = width * channels;
        const rowsPerStrip = Math.max(1, Math.floor(STRIP_BYTES / row));
        const offsets: number[] = [];
        const counts: number[] = [];
        for (let y = 0; y < height; y += rowsPerStrip) {
          offsets.push(8 + y * row);
          counts.push(Math.min(rowsPerStrip, height - y) * row);
        }
        // Values that do not fit into an entry are kept elsewhere, at even places.
        if (at % 2 === 1) await append(Uint8Array.of(0));
        const listed = async (values: readonly number[]) =>
          values.length === 1 ? values[0]! : append(long(...values));
        const bits = new Uint8Array(Uint16Array.from({ length: channels }, () => 8).buffer);
        const entries: [tag: number, type: number, count: number, value: number][] = [
          [256, LONG, 1, width],
          [257, LONG, 1, height],
          [258, SHORT, channels, channels <= 2 ? 8 : await append(bits)],
          // No compression.
          [259, SHORT, 1, 1],
          // RGB, or grey with black as 0.
          [262, SHORT, 1, channels === 3 ? 2 : 1],
          [273, LONG, offsets.length, 0],
          [277, SHORT, 1, channels],
          [278, LONG, 1, rowsPerStrip],
          [279, LONG, counts.length, 0],
        ];
        if (at % 2 === 1) await append(Uint8Array.of(0));
        entries[5]![3] = await listed(offsets);
        entries[8]![3] = await listed(counts);
        const directory = Buffer.alloc(2 + 12 * entries.length + 4);
        directory.writeUInt16LE(entries.length, 0);
        entries.forEach(([tag, type, count, value], i) => {
          const entry = 2 + 12 * i;
          directory.writeUInt16LE(tag, entry);
          directory.writeUInt16LE(type, entry + 2);
          directory.writeUInt32LE(count, entry + 4);
          directory.writeUInt32LE(value, entry + 8);
        });
        const place = await append(directory);
        await file.write(long(place), 0, 4, 4);
      } finally {
        await file.close();
      }
    },
  };
}
