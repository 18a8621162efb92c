import { describe, expect, it } from 'vitest';
import type { Store } from '../store';
import { StoreError } from '../store-error';
import { bytesOf, contentOf } from './bytes';

/** Bytes go in and come out. */
export function checkValues(store: () => Store, reopen: () => Store): void {
  describe('values', () => {
    it('come back as they were put, for another program too', async () => {
      const all = Uint8Array.from({ length: 1000 }, (_, i) => i % 256);
      await store().put('all', all);
      await store().put('deep/down/none', new Uint8Array(0));
      for (const one of [store(), reopen()]) {
        expect(await one.get('all')).toEqual(all);
        expect(await one.get('deep/down/none')).toEqual(new Uint8Array(0));
        expect([await one.size('all'), await one.size('deep/down/none')]).toEqual([1000, 0]);
      }
    });

    it('are of the part that a view shows, and copies', async () => {
      const bytes = Uint8Array.of(1, 2, 3, 4);
      await store().put('a', bytes.subarray(1, 3));
      bytes.fill(9);
      const found = (await store().get('a'))!;
      expect(found).toEqual(Uint8Array.of(2, 3));
      found.fill(9);
      expect(await store().get('a')).toEqual(Uint8Array.of(2, 3));
    });

    it('are replaced, by shorter ones as well', async () => {
      for (const text of ['one', 'another', 'x']) {
        await store().put('a', bytesOf(text));
        expect(await contentOf(store())).toEqual({ a: text });
      }
    });

    it('are undefined where there are none', async () => {
      await store().put('a/b', bytesOf('x'));
      for (const name of ['c', 'c/d', 'a/c', 'a/b/c']) {
        expect([await store().get(name), await store().size(name)]).toEqual([undefined, undefined]);
        expect(await store().list(name)).toEqual([]);
        await store().remove(name);
        await store().truncate(name, 5);
      }
      expect(await contentOf(store())).toEqual({ 'a/b': 'x' });
    });

    it('are not both here and below', async () => {
      await store().put('a/b', bytesOf('x'));
      for (const name of ['a', 'a/b/c']) {
        const error = await store()
          .put(name, bytesOf('y'))
          .catch((reason: unknown) => reason);
        expect(StoreError.isInstance(error)).toBe(true);
        expect((error as Error).message).toContain(store().describe(name));
      }
      expect(await contentOf(store())).toEqual({ 'a/b': 'x' });
    });

    it('are cut, but never made longer', async () => {
      await store().put('a', bytesOf('12345'));
      await store().truncate('a', 9);
      expect(await contentOf(reopen())).toEqual({ a: '12345' });
      await store().truncate('a', 2);
      expect(await contentOf(reopen())).toEqual({ a: '12' });
    });

    it('are listed part by part, in order', async () => {
      for (const name of ['b', 'a/z', 'a/y/x', 'a/y/w', 'c/d'])
        await store().put(name, bytesOf('x'));
      expect(await store().list()).toEqual(['a', 'b', 'c']);
      expect(await store().list('a')).toEqual(['y', 'z']);
      expect(await store().within('a').list('y')).toEqual(['w', 'x']);
      expect(await store().list('b')).toEqual([]);
    });

    it('are removed, alone and with all below', async () => {
      for (const name of ['a/x', 'a/y/z', 'ab', 'b']) await store().put(name, bytesOf(name));
      await store().remove('b');
      await store().remove('a');
      expect(await contentOf(store())).toEqual({ ab: 'ab' });
      await store().put('a', bytesOf('now bytes'));
      expect(await contentOf(reopen())).toEqual({ a: 'now bytes', ab: 'ab' });
    });

    it('are the same in a store within it', async () => {
      const inner = store().within('a/b');
      await inner.put('c', bytesOf('x'));
      await inner.append('c', bytesOf('y'));
      expect(await store().get('a/b/c')).toEqual(bytesOf('xy'));
      await store().append('a/b/c', bytesOf('z'));
      expect(await inner.get('c')).toEqual(bytesOf('xyz'));
      await inner.remove('c');
      expect(await contentOf(store())).toEqual({});
    });
  });
}
