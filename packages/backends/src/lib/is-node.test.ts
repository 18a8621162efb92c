import { afterEach, expect, it, vi } from 'vitest';
import { isNode } from './is-node';

afterEach(() => vi.unstubAllGlobals());

it('knows Node', () => expect(isNode()).toBe(true));

it.each([
  ['no process', undefined],
  ['a process of a bundler', { env: {}, version: '', browser: true }],
  ['a process that knows no modules', { getBuiltinModule: () => undefined }],
])('takes a page with %s for one', (_, process) => {
  vi.stubGlobal('process', process);
  const result = isNode();
  vi.unstubAllGlobals();
  expect(result).toBe(false);
});
