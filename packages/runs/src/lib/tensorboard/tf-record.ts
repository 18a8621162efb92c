import { crc32c } from './crc32c';

const HEADER = 12;
const FOOTER = 4;

/**
 * Bytes as a record of TensorFlow's TFRecord format: length (uint64), its checksum (uint32), the
 * bytes, their checksum, all little-endian; checksums are {@link maskedCrc32c}.
 */
export function encodeRecord(data: Uint8Array): Uint8Array {
  const record = Buffer.alloc(HEADER + data.length + FOOTER);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(maskedCrc32c(record.subarray(0, 8)), 8);
  record.set(data, HEADER);
  record.writeUInt32LE(maskedCrc32c(data), HEADER + data.length);
  return record;
}

/** A record in a file: its data, and where it ends. */
export interface FoundRecord {
  readonly data: Uint8Array;
  readonly end: number;
}

/** The records at the beginning of `file`, up to the first that is cut off or damaged. */
export function* decodeRecords(file: Uint8Array): Generator<FoundRecord> {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.length);
  let begin = 0;
  while (begin + HEADER + FOOTER <= bytes.length) {
    const header = bytes.subarray(begin, begin + 8);
    if (bytes.readUInt32LE(begin + 8) !== maskedCrc32c(header)) return;
    const length = Number(header.readBigUInt64LE());
    const end = begin + HEADER + length + FOOTER;
    if (end > bytes.length) return;
    const data = bytes.subarray(begin + HEADER, end - FOOTER);
    if (bytes.readUInt32LE(end - FOOTER) !== maskedCrc32c(data)) return;
    yield { data, end };
    begin = end;
  }
}

/** ((crc ≫ 15) | (crc ≪ 17)) + 0xa282ead8 mod 2³²: a checksum that may itself be checksummed. */
function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
