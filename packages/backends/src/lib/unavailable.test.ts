import { expect, it } from 'vitest';
import { unavailableError, whyNotLoaded } from './unavailable';

it('says what is missing and what to do, or to do instead', () => {
  const why = { missing: 'no GPU', remedy: 'buy one' };
  expect(unavailableError(why).message).toBe('useBackend: no GPU; buy one');
  expect(unavailableError(why, 'choose wasm').message).toBe(
    'useBackend: no GPU; buy one, or choose wasm',
  );
});

it('tells a missing package from one that misses something', () => {
  const code = 'MODULE_NOT_FOUND';
  expect(whyNotLoaded('outer', { code, message: "Cannot find module 'outer'" })).toEqual({
    missing: 'the package outer is not installed',
    remedy: 'npm install outer',
  });
  const inner = { code, message: "Cannot find module 'inner'\nRequire stack" };
  expect(whyNotLoaded('outer', inner)).toEqual({
    missing: "the package outer does not load: Cannot find module 'inner'",
    remedy: 'see its own requirements',
  });
});
