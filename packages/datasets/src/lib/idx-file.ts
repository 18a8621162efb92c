/** The bytes of an IDX file, for tests. */
export function idxFile(magic: number, shape: number[], data: number[]): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length);
  const view = new DataView(bytes.buffer);
  [magic, ...shape].forEach((word, i) => view.setUint32(4 * i, word));
  bytes.set(data, 4 + 4 * shape.length);
  return bytes;
}
