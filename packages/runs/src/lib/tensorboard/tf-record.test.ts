import { expect, it } from 'vitest';
import { decodeRecords, encodeRecord } from './tf-record';

const hello = Buffer.from('hello');

it('writes length, bytes and masked checksums', () => {
  const record = Buffer.from(encodeRecord(hello));
  expect(record).toHaveLength(12 + 5 + 4);
  expect(record.readBigUInt64LE(0)).toBe(5n);
  expect(record.subarray(12, 17).toString()).toBe('hello');
  // crc32c("hello") = 0x9a71bb4c; rotated right by 15 bits it is 0x769934e3.
  expect(record.readUInt32LE(17)).toBe((0x769934e3 + 0xa282ead8) % 2 ** 32);
});

it('reads what it writes, and stops where a file was cut off or damaged', () => {
  const parts = [encodeRecord(hello), encodeRecord(new Uint8Array(0)), encodeRecord(hello)];
  const file = Buffer.concat(parts);
  const found = (bytes: Uint8Array) =>
    [...decodeRecords(bytes)].map(({ data, end }) => [Buffer.from(data).toString(), end]);
  expect(found(file)).toEqual([
    ['hello', 21],
    ['', 37],
    ['hello', 58],
  ]);
  expect(found(file.subarray(0, 57))).toHaveLength(2);
  expect(found(file.subarray(0, 21 + 7))).toHaveLength(1);
  for (const [at, left] of [
    [3, 0],
    [14, 0],
    [35, 1],
    [57, 2],
  ] as const) {
    const damaged = Buffer.from(file);
    damaged[at]! ^= 1;
    expect(found(damaged)).toHaveLength(left);
  }
});
