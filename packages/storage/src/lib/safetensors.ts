import { ganloomError } from '@ganloom/core';

/** Values of one tensor, in row-major order. */
export interface TensorValues {
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array | Uint8Array;
}

const NAMES = { float32: 'F32', int32: 'I32', bool: 'BOOL' } as const;
const BYTES = { float32: 4, int32: 4, bool: 1 } as const;
const HEADER_LENGTH = 8;
const ALIGNMENT = 8;

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [begin: number, end: number];
}

/**
 * Packs tensors into one file of the safetensors format, which PyTorch, NumPy and others read: the
 * header's length as uint64, the header as JSON, then the values, all little-endian.
 *
 * https://huggingface.co/docs/safetensors
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, TensorValues>>,
): Uint8Array<ArrayBuffer> {
  const header: Record<string, HeaderEntry> = {};
  let size = 0;
  for (const [name, { dtype, shape, values }] of Object.entries(tensors)) {
    const end = size + values.byteLength;
    header[name] = { dtype: NAMES[dtype], shape, data_offsets: [size, end] };
    size = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  const file = new Uint8Array(HEADER_LENGTH + padded + size);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.fill(0x20, HEADER_LENGTH, HEADER_LENGTH + padded).set(json, HEADER_LENGTH);
  let at = HEADER_LENGTH + padded;
  for (const { values } of Object.values(tensors)) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return file;
}

/**
 * Unpacks a file of the safetensors format.
 *
 * @throws GanloomError if the file is damaged, or has a type of values that TensorFlow.js lacks.
 */
export function decodeSafetensors(file: Uint8Array): Record<string, TensorValues> {
  const fail = (expected: string, received: unknown) =>
    ganloomError('decodeSafetensors', expected, received, 'the file is damaged or of another kind');
  if (file.length < HEADER_LENGTH) throw fail('a file must have 8 bytes or more', file.length);
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const data = HEADER_LENGTH + Number(view.getBigUint64(0, true));
  if (data > file.length) throw fail(`the header must fit into ${file.length} bytes`, data);

  let header: Record<string, HeaderEntry>;
  try {
    header = JSON.parse(new TextDecoder().decode(file.subarray(HEADER_LENGTH, data)));
  } catch (error) {
    throw fail('the header must be JSON', (error as Error).message);
  }
  const tensors: Record<string, TensorValues> = {};
  for (const [name, { dtype: short, shape, data_offsets }] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const dtype = (Object.keys(NAMES) as (keyof typeof NAMES)[]).find((k) => NAMES[k] === short);
    if (!dtype) throw fail(`"${name}" must be F32, I32 or BOOL`, short);
    const [begin, end] = data_offsets;
    const size = BYTES[dtype] * shape.reduce((product, d) => product * d, 1);
    const fits = begin >= 0 && end - begin === size && data + end <= file.length;
    if (!fits) throw fail(`"${name}" must have ${size} bytes within the file`, data_offsets);
    // Copied, because a view must begin at a multiple of its values' size. Not by `slice`, which
    // does not copy if the file is a Buffer of Node.
    const bytes = new Uint8Array(file.subarray(data + begin, data + end));
    const values =
      dtype === 'bool'
        ? bytes
        : new (dtype === 'int32' ? Int32Array : Float32Array)(bytes.buffer, 0, size / 4);
    tensors[name] = { dtype, shape, values };
  }
  return tensors;
}
