import { expect, it } from 'vitest';
import { Allocator } from './allocator';

const MB = 2 ** 20;

function make(bytes = MB) {
  let end = bytes;
  const growths: number[] = [];
  const allocator = new Allocator(0, end, (more) => {
    growths.push(more);
    end += Math.max(more, MB);
    return end;
  });
  return { allocator, growths };
}

it('aligns to 64 bytes and never overlaps live blocks', () => {
  const { allocator } = make();
  const live = new Map<number, number>();
  let state = 1;
  const next = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let i = 0; i < 20_000; i++) {
    if (live.size > 0 && next(100) < 48) {
      const address = [...live.keys()][next(live.size)]!;
      live.delete(address);
      allocator.free(address);
    } else {
      const bytes = 1 + next(next(10) === 0 ? 200_000 : 3000);
      const address = allocator.allocate(bytes);
      live.set(address, bytes);
    }
  }
  const sorted = [...live].sort(([a], [b]) => a - b);
  expect(sorted.filter(([address]) => address % 64 !== 0)).toEqual([]);
  for (let i = 1; i < sorted.length; i++) {
    expect(sorted[i - 1]![0] + sorted[i - 1]![1]).toBeLessThanOrEqual(sorted[i]![0]);
  }
  for (const address of live.keys()) allocator.free(address);
  expect(allocator.usedBytes).toBe(0);
  // All neighbors joined: the whole memory is one block again.
  const total = allocator.totalBytes;
  expect(allocator.allocate(total)).toBe(0);
  expect(allocator.totalBytes).toBe(total);
});

it('reuses freed memory instead of growing', () => {
  const { allocator, growths } = make();
  for (let i = 0; i < 1000; i++) {
    const blocks = [100_000, 64, 300_000, 5000].map((bytes) => allocator.allocate(bytes));
    for (const address of blocks) allocator.free(address);
  }
  expect(growths).toEqual([]);
  expect(allocator.peakBytes).toBe(100_032 + 64 + 300_032 + 5056);
});

it('grows by what the last free block lacks', () => {
  const { allocator, growths } = make();
  allocator.allocate(MB / 2);
  allocator.allocate(2 * MB);
  expect(growths).toEqual([1.5 * MB]);
});

it('stays usable when there is no more memory', () => {
  const allocator = new Allocator(0, MB, () => {
    throw new Error('no more');
  });
  const half = allocator.allocate(MB / 2);
  expect(() => allocator.allocate(MB)).toThrow('no more');
  allocator.free(half);
  expect(allocator.allocate(MB)).toBe(0);
});

it('refuses to free what it does not hold', () => {
  const { allocator } = make();
  const address = allocator.allocate(64);
  allocator.free(address);
  expect(() => allocator.free(address)).toThrow(`no block at ${address}`);
});
