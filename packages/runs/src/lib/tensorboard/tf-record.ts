import { crc32c } from './crc32c';

const HEADER = 12;
const FOOTER = 4;

/**
 * Bytes as a record of TensorFlow's TFRecord format: length (uint64), its checksum (uint32), the
 * bytes, their checksum, all little-endian; checksums are {@link maskedCrc32c}.
 */
export function encodeRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(HEADER + data.length + FOOTER);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(data, HEADER);
  view.setUint32(HEADER + data.length, maskedCrc32c(data), true);
  return record;
}

/** A record in a file: its data, and where it ends. */
export interface FoundRecord {
  readonly data: Uint8Array;
  readonly end: number;
}

/** The records at the beginning of `file`, up to the first that is cut off or damaged. */
export function* decodeRecords(file: Uint8Array): Generator<FoundRecord> {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  let begin = 0;
  while (begin + HEADER + FOOTER <= file.length) {
    const header = file.subarray(begin, begin + 8);
    if (view.getUint32(begin + 8, true) !== maskedCrc32c(header)) return;
    const length = Number(view.getBigUint64(begin, true));
    const end = begin + HEADER + length + FOOTER;
    if (end > file.length) return;
    const data = file.subarray(begin + HEADER, end - FOOTER);
    if (view.getUint32(end - FOOTER, true) !== maskedCrc32c(data)) return;
    yield { data, end };
    begin = end;
  }
}

/** ((crc ≫ 15) | (crc ≪ 17)) + 0xa282ead8 mod 2³²: a checksum that may itself be checksummed. */
function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
