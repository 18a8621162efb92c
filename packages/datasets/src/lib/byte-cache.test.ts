import { expect, it } from 'vitest';
import { byteCache } from './byte-cache';

it('drops the least recently used when full', () => {
  const cache = byteCache<string, number>(10);
  cache.set('a', 1, 4);
  cache.set('b', 2, 4);
  expect(cache.get('a')).toBe(1);
  cache.set('c', 3, 4);
  expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual([1, undefined, 3]);
  expect(cache.bytes).toBe(8);
});

it('replaces, and keeps nothing larger than itself', () => {
  const cache = byteCache<string, number>(10);
  cache.set('a', 1, 9);
  cache.set('a', 2, 3);
  expect([cache.get('a'), cache.bytes]).toEqual([2, 3]);
  cache.set('b', 3, 11);
  expect([cache.get('b'), cache.get('a'), cache.bytes]).toEqual([undefined, 2, 3]);
});
