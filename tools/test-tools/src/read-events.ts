import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

/** An event as protobufjs reads it. */
export interface ReadEvent {
  wallTime: number;
  step: number;
  fileVersion?: string;
  sessionLog?: { status: string };
  summary?: {
    value: {
      tag: string;
      simpleValue?: number;
      image?: { height: number; width: number; colorspace: number; encodedImageString: Uint8Array };
      histo?: { min: number; max: number; num: number; bucketLimit: number[]; bucket: number[] };
    }[];
  };
}

const schema = fileURLToPath(new URL('../fixtures/event.proto', import.meta.url));

/**
 * Reads all event files of a folder with none of our own code: protobufjs for the messages, and the
 * checksums bit by bit. Throws where a file is not whole.
 */
export async function readEvents(folder: string): Promise<ReadEvent[]> {
  const type = (await protobuf.load(schema)).lookupType('tensorflow.Event');
  const names = (await readdir(folder)).filter((name) => name.startsWith('events.out.tfevents.'));
  const events: ReadEvent[] = [];
  for (const name of names.sort()) {
    const file = await readFile(join(folder, name));
    for (let at = 0; at < file.length;) {
      const length = Number(file.readBigUInt64LE(at));
      requireChecksum(file.subarray(at, at + 8), file.readUInt32LE(at + 8));
      const data = file.subarray(at + 12, at + 12 + length);
      requireChecksum(data, file.readUInt32LE(at + 12 + length));
      const event = type.toObject(type.decode(data), { longs: Number, enums: String });
      events.push({ step: 0, ...event } as ReadEvent);
      at += 16 + length;
    }
  }
  return events;
}

function requireChecksum(bytes: Uint8Array, masked: number): void {
  let crc = 2 ** 32 - 1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0x82f63b78 * (crc & 1));
  }
  crc = ~crc >>> 0;
  const rotated = Math.floor(crc / 2 ** 15) + (crc % 2 ** 15) * 2 ** 17;
  if ((rotated + 0xa282ead8) % 2 ** 32 !== masked) throw new Error('a checksum is wrong');
}
