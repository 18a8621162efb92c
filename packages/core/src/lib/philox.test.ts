import { expect, it } from 'vitest';
import { philox4x32 } from './philox';

const MAX = 0xffffffff;

function philox(counter: number[], key: number[]): string {
  const [c0, c1, c2, c3] = counter as [number, number, number, number];
  const out = new Uint32Array(4);
  philox4x32(c0, c1, c2, c3, key[0]!, key[1]!, out);
  return Array.from(out, (word) => word.toString(16).padStart(8, '0')).join(' ');
}

// The known answers that Random123, the authors' library, ships for philox4x32 with 10 rounds.
it.each([
  [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
  [[MAX, MAX, MAX, MAX], [MAX, MAX], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    'd16cfe09 94fdcceb 5001e420 24126ea1',
  ],
])('maps %s under the key %s to the published words', (counter, key, words) => {
  expect(philox(counter, key)).toBe(words);
});

it('agrees with exact integer arithmetic', () => {
  const mask = 0xffffffffn;
  const exact = (counter: number[], key: number[]) => {
    let [a, b, c, d] = counter.map(BigInt) as [bigint, bigint, bigint, bigint];
    let [k, l] = key.map(BigInt) as [bigint, bigint];
    for (let round = 0; round < 10; round++) {
      const p = 0xd2511f53n * a;
      const q = 0xcd9e8d57n * c;
      [a, b, c, d] = [(q >> 32n) ^ b ^ k, q & mask, (p >> 32n) ^ d ^ l, p & mask];
      k = (k + 0x9e3779b9n) & mask;
      l = (l + 0xbb67ae85n) & mask;
    }
    return [a, b, c, d].map((word) => word.toString(16).padStart(8, '0')).join(' ');
  };
  // Words with all combinations of low and high halves of 0, 1, middle and all ones.
  const words = [0, 1, 0xffff, 0x10000, 0x8000_0000, 0xffff_0000, 0x7fff_ffff, MAX];
  for (const x of words) {
    for (const y of words) {
      expect(philox([x, y, y, x], [y, x])).toBe(exact([x, y, y, x], [y, x]));
    }
  }
});
