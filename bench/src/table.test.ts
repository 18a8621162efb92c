import { expect, it } from 'vitest';
import { table } from './table';

it('aligns columns', () => {
  expect(
    table(
      ['name', 'ms'],
      [
        ['a', '12.5'],
        ['longer', ''],
      ],
    ),
  ).toBe(['name      ms', '──────  ────', 'a       12.5', 'longer'].join('\n'));
});
