import { describe, expect, it } from 'vitest';
import type { Store } from '../store';
import { LeaseHeldError } from '../store-error';

/** One holder at a time. */
export function checkLeases(store: () => Store): void {
  describe('leases', () => {
    it('have one holder at a time, and the next when that lets go', async () => {
      const first = await store().lease('a/lock');
      expect(await first.isHeld()).toBe(true);
      const refused = await store()
        .within('a')
        .lease('lock')
        .catch((reason: unknown) => reason);
      expect(LeaseHeldError.isInstance(refused)).toBe(true);
      const { place, holder, since, message } = refused as LeaseHeldError;
      expect(place).toBe(store().describe('a/lock'));
      expect(Math.abs(Date.parse(since) - Date.now())).toBeLessThan(60_000);
      expect(message).toContain(`${place} must have one holder at a time, but ${holder} has it`);

      await first.release();
      expect(await first.isHeld()).toBe(false);
      const second = await store().lease('a/lock');
      await first.release();
      expect([await first.isHeld(), await second.isHeld()]).toEqual([false, true]);
      await second.release();
    });

    it('are told apart by their names', async () => {
      const leases = [
        await store().lease('a'),
        await store().lease('b'),
        await store().lease('c/a'),
      ];
      for (const one of leases) expect(await one.isHeld()).toBe(true);
      for (const one of leases) await one.release();
    });

    it('let one of many in', async () => {
      const all = await Promise.allSettled(Array.from({ length: 8 }, () => store().lease('a')));
      const leases = all.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
      expect(leases).toHaveLength(1);
      await leases[0]!.release();
    });
  });
}
