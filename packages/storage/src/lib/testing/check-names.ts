import { UsageError } from '@ganloom/core';
import { describe, expect, it } from 'vitest';
import type { Store } from '../store';
import { bytesOf } from './bytes';

const BAD = ['', '/', '/a', 'a/', 'a//b', '.', '..', '../a', 'a/../b', 'a/./b', 'a\\b', 'a\0b'];

/** Which names there are, and what people call them. */
export function checkNames(store: () => Store): void {
  describe('names', () => {
    it.each(BAD)('refuses %j everywhere', async (name) => {
      const all: ((name: string) => unknown)[] = [
        (bad) => store().get(bad),
        (bad) => store().size(bad),
        (bad) => store().put(bad, bytesOf('x')),
        (bad) => store().append(bad, bytesOf('x')),
        (bad) => store().truncate(bad, 0),
        (bad) => store().list(bad),
        (bad) => store().remove(bad),
        (bad) => store().lease(bad),
        (bad) => store().describe(bad),
        (bad) => store().within(bad),
      ];
      for (const use of all) {
        const error = await (async () => use(name))().then(
          () => undefined,
          (reason: unknown) => reason,
        );
        expect(UsageError.isInstance(error)).toBe(true);
      }
      expect(await store().list()).toEqual([]);
    });

    it('may have spaces, dots, other letters, and be alike but for a part', async () => {
      const names = ['a b', '.hidden', 'ä', 'a.json', 'ab/a', 'abc/a', 'x/step-000001/y'];
      for (const name of names) await store().put(name, bytesOf(name));
      for (const name of names) expect(await store().get(name)).toEqual(bytesOf(name));
      expect(await store().list('ab')).toEqual(['a']);
    });

    it('are told apart in messages, in a store within it as well', () => {
      const described = [store().describe(), store().describe('a'), store().describe('a/b')];
      expect(new Set(described).size).toBe(3);
      for (const one of described.slice(1)) expect(one).toContain(store().describe());
      expect(store().within('a').describe()).toBe(store().describe('a'));
      expect(store().within('a').within('b').describe('c')).toBe(store().describe('a/b/c'));
    });
  });
}
