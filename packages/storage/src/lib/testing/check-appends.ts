import { describe, expect, it } from 'vitest';
import type { Store } from '../store';
import { bytesOf, contentOf } from './bytes';

/** Pieces are added to the end. */
export function checkAppends(store: () => Store, reopen: () => Store): void {
  describe('pieces', () => {
    it.each([false, true])('go behind what is there; durable: %s', async (durable) => {
      await store().append('new/a', bytesOf('1'), { durable });
      await store().append('new/a', bytesOf('23'), { durable });
      await store().put('b', bytesOf('old '));
      await store().append('b', bytesOf('new'), { durable });
      await store().append('b', new Uint8Array(0), { durable });
      expect(await contentOf(reopen())).toEqual({ 'new/a': '123', b: 'old new' });
    });

    it('go in the order of the calls, though nobody waits for one', async () => {
      const texts = Array.from({ length: 50 }, (_, i) => `${i},`);
      await Promise.all(texts.map((text) => store().append('a/b', bytesOf(text))));
      expect(await contentOf(reopen())).toEqual({ 'a/b': texts.join('') });
    });

    it('go behind the cut, and begin anew where all was removed', async () => {
      await store().append('a', bytesOf('12345'));
      await store().truncate('a', 2);
      await store().append('a', bytesOf('x'));
      expect(await contentOf(store())).toEqual({ a: '12x' });
      await store().remove('a');
      await store().append('a', bytesOf('y'));
      expect(await contentOf(store())).toEqual({ a: 'y' });
    });
  });
}
