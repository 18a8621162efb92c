import { afterEach, beforeEach } from 'vitest';
import type { Store } from '../store';
import { checkAppends } from './check-appends';
import { checkBadMedium } from './check-bad-medium';
import { checkLeases } from './check-leases';
import { checkNames } from './check-names';
import { checkValues } from './check-values';
import type { StoreUnderTest } from './store-under-test';

/**
 * Defines the tests that every store passes, for vitest: bytes, names, pieces, leases, and on a medium
 * that fails at any one call, or at that and all later ones, what may be there then.
 *
 * @param make makes a new, empty store for each test
 */
export function checkStore(make: () => StoreUnderTest | Promise<StoreUnderTest>): void {
  let tested: StoreUnderTest;
  const store = (): Store => tested.store;
  const reopen = () => tested.reopen?.() ?? tested.store;
  beforeEach(async () => {
    tested = await make();
  });
  afterEach(() => tested.dispose?.());

  checkNames(store);
  checkValues(store, reopen);
  checkAppends(store, reopen);
  checkLeases(store);
  checkBadMedium(make);
}
