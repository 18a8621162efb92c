import { expect, it } from 'vitest';
import { toBase64 } from './base64';

it('is that of RFC 4648, section 10', () => {
  const encoded = ['', 'f', 'fo', 'foo', 'foob'].map((text) =>
    toBase64(new TextEncoder().encode(text)),
  );
  expect(encoded).toEqual(['', 'Zg==', 'Zm8=', 'Zm9v', 'Zm9vYg==']);
});

it('takes many bytes', () => {
  const bytes = Uint8Array.from({ length: 1_000_000 }, (_, i) => i % 251);
  expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
});
