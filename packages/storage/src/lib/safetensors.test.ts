import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors, type TensorValues } from './safetensors';

const tensors: Record<string, TensorValues> = {
  'a/b': { dtype: 'float32', shape: [2, 2], values: Float32Array.of(1.5, -0, 3e-42, Math.PI) },
  flag: { dtype: 'bool', shape: [3], values: Uint8Array.of(1, 0, 1) },
  count: { dtype: 'int32', shape: [], values: Int32Array.of(-7) },
  none: { dtype: 'float32', shape: [0, 4], values: new Float32Array(0) },
};

it('writes the bytes of the format', () => {
  const file = encodeSafetensors({
    x: { dtype: 'float32', shape: [1], values: Float32Array.of(1) },
  });
  const header = '{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
  expect(header).toHaveLength(54);
  const expected = Buffer.concat([
    Buffer.from([56, 0, 0, 0, 0, 0, 0, 0]),
    Buffer.from(`${header}  `),
    Buffer.from([0, 0, 0x80, 0x3f]),
  ]);
  expect(Buffer.from(file)).toEqual(expected);
});

it('reads back every bit, from a view at an odd place too', () => {
  const file = encodeSafetensors(tensors);
  expect(decodeSafetensors(file)).toEqual(tensors);
  // As `readFile` gives small files: a view of a pool, whose `slice` does not copy.
  const pool = Buffer.alloc(file.length + 3);
  pool.set(file, 3);
  const read = decodeSafetensors(pool.subarray(3));
  expect(read).toEqual(tensors);
  pool.fill(255);
  expect(read).toEqual(tensors);
});

describe('a damaged file is an error', () => {
  const cases: [string, (file: Uint8Array) => Uint8Array, string][] = [
    ['too short', (f) => f.subarray(0, 5), 'a file must have 8 bytes or more, got 5'],
    ['cut in the header', (f) => f.subarray(0, 40), 'the header must fit into 40 bytes, got '],
    ['cut in the values', (f) => f.subarray(0, f.length - 1), 'must have 4 bytes within the file'],
    ['no JSON', (f) => f.fill(0x21, 8, 20), 'the header must be JSON, got '],
    [
      'another type',
      (f) =>
        Uint8Array.from(
          Buffer.from(Buffer.from(f).toString('latin1').replace('"I32"', '"I64"'), 'latin1'),
        ),
      '"count" must be F32, I32 or BOOL, got "I64"',
    ],
  ];
  it.each(cases)('%s', (_, damage, message) => {
    expect(() => decodeSafetensors(damage(encodeSafetensors(tensors)))).toThrow(message);
  });
});
