import { ganloomError, usageError } from '@ganloom/core';

/** Values of an array, by their type. */
export type NpyData = Uint8Array | Int32Array | Float32Array;

/** An array in C order: the last axis varies fastest. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: NpyData;
}

// Typed arrays are little-endian on every platform that JavaScript engines still support.
const TYPES = [
  { descr: '|u1', array: Uint8Array },
  { descr: '<i4', array: Int32Array },
  { descr: '<f4', array: Float32Array },
] as const;

// \x93NUMPY, version 1.0; a little-endian uint16 with the header's length follows.
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0];
const PREAMBLE = MAGIC.length + 2;

/**
 * Writes an array as NumPy's `.npy` format, version 1.0, in C order.
 *
 * uint8, int32 and float32 are supported; `numpy.load` reads the result.
 *
 * @throws UsageError if the shape does not have as many elements as the data.
 */
export function encodeNpy({ shape, data }: NpyArray): Uint8Array {
  const size = sizeOf(shape);
  if (data.length !== size) {
    const expected = `the shape [${shape}] needs ${size} elements`;
    throw usageError('encodeNpy', expected, data.length);
  }
  const type = TYPES.find(({ array }) => data instanceof array);
  if (!type) {
    throw usageError(
      'encodeNpy',
      'data must be a Uint8Array, Int32Array or Float32Array',
      typeof data,
    );
  }
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const header = `{'descr': '${type.descr}', 'fortran_order': False, 'shape': (${axes}), }`;
  // Padded with spaces so that the data begin at a multiple of 64 bytes.
  const offset = Math.ceil((PREAMBLE + header.length + 1) / 64) * 64;

  const bytes = new Uint8Array(offset + data.byteLength);
  bytes.set(MAGIC);
  new DataView(bytes.buffer).setUint16(MAGIC.length, offset - PREAMBLE, true);
  const padded = `${header.padEnd(offset - PREAMBLE - 1)}\n`;
  bytes.set(new TextEncoder().encode(padded), PREAMBLE);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
  return bytes;
}

/**
 * Reads an array in NumPy's `.npy` format, version 1.0, in C order, of uint8, int32 or float32. The
 * data are copied.
 *
 * @param where name of the file, for error messages.
 * @throws GanloomError on another format, version, order or type, and on missing or surplus bytes.
 */
export function decodeNpy(bytes: Uint8Array, where = 'decodeNpy'): NpyArray {
  const again = 'the file is damaged or incomplete, write it again';
  if (MAGIC.slice(0, 6).some((byte, i) => bytes[i] !== byte)) {
    const received = [...bytes.subarray(0, 6)];
    throw ganloomError(where, 'a .npy file begins with [147,78,85,77,80,89]', received);
  }
  if (bytes[6] !== 1 || bytes[7] !== 0) {
    const version = `${bytes[6]}.${bytes[7]}`;
    throw ganloomError(where, 'the .npy version must be 1.0', version, 'save with numpy.save');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const offset =
    bytes.length >= PREAMBLE ? PREAMBLE + view.getUint16(MAGIC.length, true) : Infinity;
  if (offset > bytes.length) {
    throw ganloomError(where, 'the file must hold its header', `${bytes.length} bytes`, again);
  }
  const header = new TextDecoder('latin1').decode(bytes.subarray(PREAMBLE, offset)).trimEnd();
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const axes = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (descr === undefined || order === undefined || axes === undefined) {
    throw ganloomError(where, 'the header must have descr, fortran_order and shape', header, again);
  }
  const type = TYPES.find((known) => known.descr === descr);
  if (!type) {
    const known = TYPES.map((t) => t.descr).join(', ');
    throw ganloomError(
      where,
      `the type must be one of ${known}`,
      descr,
      'convert with numpy.astype',
    );
  }
  if (order === 'True') {
    throw ganloomError(where, 'the order must be C', 'Fortran', 'use numpy.ascontiguousarray');
  }
  const shape = axes
    .split(',')
    .filter((axis) => axis.trim() !== '')
    .map(Number);
  // A copy is aligned to the element size, as a part of the file need not be. Not `slice`, which
  // copies nothing of a Buffer.
  const payload = new Uint8Array(bytes.subarray(offset));
  const [size, received] = [sizeOf(shape), payload.length / type.array.BYTES_PER_ELEMENT];
  if (received !== size) {
    throw ganloomError(where, `the shape [${shape}] needs ${size} elements`, received, again);
  }
  return { shape, data: new type.array(payload.buffer) };
}

/** Elements of an array; NaN, which no count equals, of what is no shape. */
function sizeOf(shape: readonly number[]): number {
  const isShape = shape.every((d) => Number.isInteger(d) && d >= 0);
  return isShape ? shape.reduce((product, d) => product * d, 1) : NaN;
}
