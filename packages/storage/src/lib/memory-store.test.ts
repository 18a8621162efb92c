import { describe, expect, it } from 'vitest';
import { memoryStore } from './memory-store';
import { checkStore } from './testing/check-store';

describe('every store', () => {
  checkStore(() => ({ store: memoryStore() }));
});

it('is called as the caller says', () => {
  expect(memoryStore().describe('a/b')).toBe('memory/a/b');
  expect(memoryStore('run 7').describe()).toBe('run 7');
});
