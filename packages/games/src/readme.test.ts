import { fileURLToPath } from 'node:url';
import { readmeErrors } from '@ganloom/test-tools/readme-errors';
import { expect, it } from 'vitest';

it('has a README whose code type-checks', () => {
  expect(readmeErrors(fileURLToPath(new URL('../README.md', import.meta.url)))).toEqual([]);
});
