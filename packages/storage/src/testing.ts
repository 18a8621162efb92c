export { checkStore } from './lib/testing/check-store';
export type { BadMedium, Failure, StoreUnderTest } from './lib/testing/store-under-test';
