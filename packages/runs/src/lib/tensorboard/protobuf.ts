import { joinedBytes } from '@ganloom/storage';

// The little of Protocol Buffers that events need: https://protobuf.dev/programming-guides/encoding.
const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;

/** A message is the sequence of its fields; a field without a value is no bytes at all. */
export function message(...fields: readonly Uint8Array[]): Uint8Array {
  return joinedBytes(fields);
}

/** An `int64` or enum from 0 to 2⁵³ − 1. */
export function integerField(field: number, value: number): Uint8Array {
  return message(key(field, VARINT), varint(value));
}

export function doubleField(field: number, value: number): Uint8Array {
  return message(key(field, FIXED_64), doubles([value]));
}

export function floatField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return message(key(field, FIXED_32), bytes);
}

/** `bytes`, a message, or text as UTF-8. */
export function bytesField(field: number, value: Uint8Array | string): Uint8Array {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  return message(key(field, BYTES), varint(bytes.length), bytes);
}

/** `repeated double`, packed. */
export function doublesField(field: number, values: readonly number[]): Uint8Array {
  return bytesField(field, doubles(values));
}

/** The value of an integer field of a message, 0 if it is not there. */
export function readInteger(bytes: Uint8Array, field: number): number {
  let at = 0;
  const next = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const found = next();
    const wire = found & 7;
    if (wire === VARINT) {
      const value = next();
      if (found >>> 3 === field) return value;
    } else if (wire === BYTES) {
      const length = next();
      at += length;
    } else {
      at += wire === FIXED_64 ? 8 : 4;
    }
  }
  return 0;
}

function doubles(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setFloat64(i * 8, value, true));
  return bytes;
}

function key(field: number, wire: number): Uint8Array {
  return varint(field * 8 + wire);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  // Not by shifts, which see 32 bits only.
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}
