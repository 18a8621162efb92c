import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { GradientFamily } from './gradient-case';
import { gradientFamilies } from './gradient-cases';
import { describeOutcome, gradientTable } from './table';

it('says what happened', () => {
  expect(describeOutcome({ error: 1e-6 })).toBe('right');
  expect(describeOutcome({ error: 0.4213 })).toBe('wrong by 42 %');
  expect(describeOutcome({ error: 0.0042 })).toBe('wrong by 0.4 %');
  expect(describeOutcome({ error: NaN })).toBe('wrong: not a number');
  const missing = 'Cannot compute gradient: gradient function not found for Greater.';
  expect(describeOutcome({ message: missing })).toBe('throws: no gradient of Greater');
  const shapes =
    "Error in gradient for op Max. The gradient of input 'b' has shape '2,4', which does not match the shape of the input '4'";
  expect(describeOutcome({ message: shapes })).toBe(
    'throws: a gradient of shape [2,4] for an input of [4]',
  );
});

const family: GradientFamily = {
  title: 'Few',
  cases: [{ name: 'a|b', shapes: [[1]], op: (x) => x!, reference: (x) => x! }],
};

it('names the backends where they differ', () => {
  const right = { 'a|b': { first: { error: 0 }, second: { error: 0 } } };
  const wrong = { 'a|b': { first: { error: 0 }, second: { error: 1 } } };
  const table = gradientTable([family], '1.2.3', [
    { backend: 'cpu', stock: wrong, installed: right },
    { backend: 'wasm', stock: right, installed: right },
  ]);
  expect(table).toContain('## Few');
  expect(table).toContain('| a\\|b | right | cpu: wrong by 100 %; wasm: right | right | right |');
  expect(table).toContain('| stock | 1 | 0 |\n| installed | 1 | 1 |');
});

it('is the page that is committed: run `pnpm gradients` if this fails', () => {
  const page = readFileSync(
    new URL('../../../../docs/second-order-gradients.md', import.meta.url),
    'utf8',
  );
  const rows = page.split('\n').filter((line) => line.startsWith('| '));
  const cells = rows.map((row) => row.slice(2, -2).split(/ (?<!\\)\| /));
  const operations = cells.filter((row) => row.length === 5 && !/^operation$|^---$/.test(row[0]!));
  const expected = gradientFamilies.flatMap(({ cases }) =>
    cases.map(({ name, unrepaired }) => ({
      name: name.replaceAll('|', '\\|'),
      right: unrepaired === undefined,
    })),
  );
  const unreliable = new Set(
    gradientFamilies.flatMap(({ cases }) =>
      cases.flatMap(({ name, unreliableOnWebgpu }) => (unreliableOnWebgpu ? [name] : [])),
    ),
  );
  const isRight = (name: string, cell: string) =>
    cell === 'right' ||
    (unreliable.has(name) && cell.startsWith('cpu: right; ganloom-wasm: right; webgpu: '));
  const actual = operations.map(([label, , , first, second], i) => {
    const { name } = expected[i]!;
    return {
      name: label!.startsWith(name) ? name : label!,
      right: isRight(name, first!) && isRight(name, second!),
    };
  });
  expect(actual).toEqual(expected);
});
