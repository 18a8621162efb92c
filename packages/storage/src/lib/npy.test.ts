import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { decodeNpy, encodeNpy, type NpyArray } from './npy';

// fixtures/make.py wrote the files with NumPy 1.24.
const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../fixtures/${name}.npy`, import.meta.url)));

const arrays: Record<string, NpyArray> = {
  uint8: { shape: [2, 3, 2, 1], data: Uint8Array.from({ length: 12 }, (_, i) => 20 * i) },
  int32: { shape: [5], data: Int32Array.of(0, 1, -1, 2 ** 31 - 1, -(2 ** 31)) },
  float32: { shape: [2, 3], data: Float32Array.of(0.1, -0, 1e-45, Infinity, -Infinity, NaN) },
};

it.each(Object.entries(arrays))('reads and writes the same %s bytes as NumPy', (name, array) => {
  expect(decodeNpy(fixture(name))).toEqual(array);
  expect(encodeNpy(array)).toEqual(fixture(name));
});

it.each([[[]], [[0, 3]], [[1, 1, 1, 1]], [[123]]])('keeps the shape [%s]', (shape) => {
  const data = new Float32Array(shape.reduce((product: number, d) => product * d, 1)).fill(2.5);
  const bytes = encodeNpy({ shape, data });
  expect((bytes.length - data.byteLength) % 64).toBe(0);
  // A view whose offset no int32 or float32 array could have.
  const moved = new Uint8Array(bytes.length + 1);
  moved.set(bytes, 1);
  expect(decodeNpy(moved.subarray(1))).toEqual({ shape, data });
});

it('copies the data, of a Buffer too', () => {
  const bytes = Buffer.from(encodeNpy({ shape: [2], data: Int32Array.of(5, 6) }));
  const { data } = decodeNpy(bytes);
  bytes.fill(0);
  expect(data).toEqual(Int32Array.of(5, 6));
});

it('writes only the part that a view shows', () => {
  const data = Int32Array.of(1, 2, 3, 4).subarray(1, 3);
  expect(decodeNpy(encodeNpy({ shape: [2], data })).data).toEqual(Int32Array.of(2, 3));
});

it('refuses what it cannot write', () => {
  expect(() => encodeNpy({ shape: [2, 2], data: new Uint8Array(3) })).toThrow(
    'encodeNpy: the shape [2,2] needs 4 elements, got 3',
  );
  const data = new Float64Array(1) as unknown as Float32Array;
  expect(() => encodeNpy({ shape: [1], data })).toThrow(
    'encodeNpy: data must be a Uint8Array, Int32Array or Float32Array',
  );
});

const edited = (from: string, to: string) => {
  const bytes = fixture('float32');
  const at = new TextDecoder('latin1').decode(bytes).indexOf(from);
  bytes.set(new TextEncoder().encode(to), at);
  return bytes;
};

it.each<[string, Uint8Array, string]>([
  ['another format', Uint8Array.of(1, 2), 'begins with [147,78,85,77,80,89], got [1,2]'],
  [
    'version 2.0',
    fixture('int32').fill(2, 6, 7),
    'version must be 1.0, got "2.0"; save with numpy.save',
  ],
  ['a short preamble', fixture('int32').subarray(0, 9), 'must hold its header, got "9 bytes"'],
  ['a short header', fixture('int32').subarray(0, 99), 'must hold its header, got "99 bytes"'],
  ['a broken header', edited("'shape'", "'shame'"), 'must have descr, fortran_order and shape'],
  ['float64', edited('<f4', '<f8'), 'must be one of |u1, <i4, <f4, got "<f8"; convert with'],
  ['big-endian', edited('<f4', '>f4'), 'must be one of |u1, <i4, <f4, got ">f4"'],
  ['Fortran order', edited('False', 'True '), 'the order must be C, got "Fortran"'],
  ['missing data', fixture('float32').subarray(0, -4), 'the shape [2,3] needs 6 elements, got 5;'],
  ['a part of an element', fixture('float32').subarray(0, -1), '[2,3] needs 6 elements, got 5.75'],
  ['surplus data', Uint8Array.of(...fixture('uint8'), 0), '[2,3,2,1] needs 12 elements, got 13'],
])('refuses %s', (_, bytes, message) => {
  expect(() => decodeNpy(bytes, 'a.npy')).toThrow(message);
  expect(() => decodeNpy(bytes, 'a.npy')).toThrow(/^a\.npy: /);
});
