import { describe, expect, it } from 'vitest';
import type { Store } from '../store';
import { appendWhole } from '../append-whole';
import { StoreError } from '../store-error';
import { bytesOf, contentOf } from './bytes';
import type { Failure, StoreUnderTest } from './store-under-test';

/** What may be there after each call of the medium that can fail. */
export function checkBadMedium(make: () => StoreUnderTest | Promise<StoreUnderTest>): void {
  describe.each([false, true])('a medium that fails, for good: %s', (forGood) => {
    /** Does `work` once for each call that may fail, and once on a good medium. */
    const everyCall = async (
      before: (store: Store) => Promise<unknown>,
      work: (store: Store) => Promise<unknown>,
      after: (store: Store, failure: Failure, reopened: Store) => Promise<unknown>,
    ) => {
      for (let at = 1, last = false; !last; at++) {
        const tested = await make();
        const { store, onBadMedium } = tested;
        if (!onBadMedium) return tested.dispose?.();
        await before(store);
        const failure = await onBadMedium({ at, forGood }, () => work(store));
        last = at > failure.calls;
        expect(failure.error === undefined || StoreError.isInstance(failure.error)).toBe(true);
        expect(failure.error?.message ?? store.describe()).toContain(store.describe());
        expect(last ? failure.error : undefined).toBeUndefined();
        await after(store, failure, tested.reopen?.() ?? store);
        await tested.dispose?.();
      }
    };

    it('puts whole or not at all, and is of use again when it is well', async () => {
      await everyCall(
        (store) => store.put('a/b', bytesOf('old')),
        async (store) => {
          await store.put('a/b', bytesOf('newer'));
          await store.put('c/d', bytesOf('first'));
        },
        async (store, { error }, reopened) => {
          for (const one of [store, reopened]) {
            const { 'a/b': replaced, 'c/d': first, ...others } = await contentOf(one);
            expect(['old', 'newer']).toContain(replaced);
            expect([undefined, 'first']).toContain(first);
            expect(others).toEqual({});
            expect(error ? 'first' : first).toBe('first');
            expect(first === undefined ? 'newer' : replaced).toBe('newer');
          }
          await reopened.put('a/b', bytesOf('last'));
          await reopened.put('c/d', bytesOf('last'));
          expect(await contentOf(store)).toEqual({ 'a/b': 'last', 'c/d': 'last' });
        },
      );
    });

    it.each([false, true])('appends whole or not at all; durable: %s', async (durable) => {
      const outcomes: boolean[] = [];
      await everyCall(
        (store) => store.append('a', bytesOf('one,')),
        async (store) => {
          outcomes.length = 0;
          let error: unknown;
          for (const [name, text] of [
            ['a', 'two2,'],
            ['a', 'three,'],
            ['b/c', 'four4,'],
          ] as const) {
            await store.append(name, bytesOf(text), { durable }).then(
              () => outcomes.push(true),
              (reason: unknown) => {
                error = reason;
                outcomes.push(false);
              },
            );
          }
          if (error) throw error;
        },
        async (store, _failure, reopened) => {
          const [two, three, four] = outcomes;
          const a = `one,${two ? 'two2,' : ''}${three ? 'three,' : ''}`;
          const now = await contentOf(store);
          expect(now['a']).toBe(a);
          expect(now['b/c'] ?? '').toBe(four ? 'four4,' : '');
          // Only a kill may leave the last piece in part.
          const { a: left, 'b/c': other = '' } = await contentOf(forGood ? reopened : store);
          const longest = forGood ? 'one,two2,three,' : a;
          expect(left!.startsWith(a) && longest.startsWith(left!)).toBe(true);
          expect('four4,'.startsWith(other)).toBe(true);
          await store.append('a', bytesOf('five'));
          await store.append('b/c', bytesOf('six'));
          expect(await contentOf(reopened)).toEqual({
            a: `${a}five`,
            'b/c': `${four ? 'four4,' : ''}six`,
          });
        },
      );
    });

    it('loses and doubles no piece of an appender', async () => {
      let late: ReturnType<typeof appendWhole> | undefined;
      await everyCall(
        (store) => store.append('a', bytesOf('0')),
        async (store) => {
          const appender = appendWhole(store, 'a', { durable: true });
          const errors: Error[] = [];
          for (const text of ['1', '23', '456']) {
            await appender.append(text).catch((error: Error) => errors.push(error));
          }
          const places = errors.map(({ message }) => message.includes(store.describe('a')));
          expect(places.every(Boolean)).toBe(true);
          late = appender;
        },
        async (store) => {
          await late!.append('7');
          await late!.finish();
          expect(await contentOf(store)).toEqual({ a: '01234567' });
        },
      );
    });

    it('cuts or leaves as it was', async () => {
      await everyCall(
        (store) => store.put('a', bytesOf('12345')),
        (store) => store.truncate('a', 2),
        async (store, { error }) => {
          const { a } = await contentOf(store);
          expect(error ? ['12', '12345'] : ['12']).toContain(a);
          await store.truncate('a', 1);
          expect(await contentOf(store)).toEqual({ a: '1' });
        },
      );
    });

    it('removes what it can, and the rest when it is well', async () => {
      await everyCall(
        async (store) => {
          for (const name of ['a/b', 'a/c/d', 'e']) await store.put(name, bytesOf('x'));
        },
        (store) => store.remove('a'),
        async (store, { error }) => {
          const content = await contentOf(store);
          expect(error ? { e: content['e'] } : content).toEqual({ e: 'x' });
          await store.remove('a');
          expect(await contentOf(store)).toEqual({ e: 'x' });
        },
      );
    });

    it('reads what is there, or says that it cannot', async () => {
      let found: unknown[] = [];
      await everyCall(
        (store) => store.put('a/b', bytesOf('x')),
        async (store) => {
          found = [];
          found.push(await store.get('a/b'), await store.size('a/b'), await store.list('a'));
        },
        async (_store, { error }) => {
          expect(found).toEqual([bytesOf('x'), 1, ['b']].slice(0, error ? found.length : 3));
        },
      );
    });

    it('gives a lease or none, and one when it is well', async () => {
      let held: Awaited<ReturnType<Store['lease']>> | undefined;
      await everyCall(
        async () => undefined,
        async (store) => {
          held = undefined;
          held = await store.lease('a/lock');
        },
        async (store, { error }) => {
          expect(held === undefined).toBe(error !== undefined);
          await held?.release();
          const lease = await store.lease('a/lock');
          expect(await lease.isHeld()).toBe(true);
          await lease.release();
        },
      );
    });
  });
}
