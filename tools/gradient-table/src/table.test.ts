import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { GradientFamily } from './gradient-case';
import { gradientFamilies } from './gradient-cases';
import { describeOutcomes, gradientTable } from './table';

const right = { error: 1e-6, right: true };
const wrong = { error: 0.4213, right: false };

it('says what happened', () => {
  expect(describeOutcomes([right, right])).toBe('right');
  expect(describeOutcomes([wrong])).toBe('wrong by 42 %');
  expect(describeOutcomes([{ error: 0.0042, right: false }])).toBe('wrong by 0.4 %');
  expect(describeOutcomes([{ error: NaN, right: false }])).toBe('wrong by NaN');
  const missing = 'Cannot compute gradient: gradient function not found for Greater.';
  expect(describeOutcomes([{ message: missing }])).toBe('throws: no gradient of Greater');
  const shapes =
    "Error in gradient for op Max. The gradient of input 'b' has shape '2,4', which does not match the shape of the input '4'";
  expect(describeOutcomes([{ message: shapes }])).toBe(
    'throws: a gradient of shape [2,4] for an input of [4]',
  );
});

it('counts the shapes where they differ', () => {
  const throws = { message: 'No. Never.' };
  const more = { error: 2, right: false };
  expect(describeOutcomes([right, wrong, right, throws, more])).toBe(
    '2× right, 2× wrong by 200 %, 1× throws: No',
  );
});

const trial = { shapes: [[1]], op: (x: unknown) => x as never, reference: () => [0] };
const family: GradientFamily = { title: 'Few', cases: [{ name: 'a|b', trials: [trial, trial] }] };

it('names the backends where they differ', () => {
  const good = { 'a|b': [right, right].map((first) => ({ first, second: first })) };
  const bad = { 'a|b': [right, wrong].map((second) => ({ first: right, second })) };
  const table = gradientTable([family], '1.2.3', [
    { backend: 'cpu', stock: bad, installed: good },
    { backend: 'wasm', stock: good, installed: good },
  ]);
  expect(table).toContain('## Few');
  expect(table).toContain(
    '| a\\|b | 2 | right | cpu: 1× right, 1× wrong by 42 %; wasm: right | right | right |',
  );
  expect(table).toContain('| stock | 1 | 0 |\n| installed | 1 | 1 |');
});

it('is the page that is committed: run `pnpm gradients` if this fails', () => {
  const page = readFileSync(
    new URL('../../../docs/second-order-gradients.md', import.meta.url),
    'utf8',
  );
  const rows = page.split('\n').filter((line) => line.startsWith('| '));
  const cells = rows.map((row) => row.slice(2, -2).split(/ (?<!\\)\| /));
  const operations = cells.filter((row) => row.length === 6 && !/^operation$|^---$/.test(row[0]!));
  const cases = gradientFamilies.flatMap((one) => one.cases);
  const expected = cases.map(({ name, trials, unrepaired }) => ({
    name: name.replaceAll('|', '\\|'),
    shapes: String(trials.length),
    right: unrepaired === undefined,
  }));
  const isRight = (cell: string, unreliable: Readonly<Record<string, string>>) =>
    cell === 'right' ||
    cell.split('; ').every((part) => {
      const [backend, outcome] = part.split(': ');
      return outcome === 'right' || backend! in unreliable;
    });
  const actual = operations.map(([label, shapes, , , first, second], i) => {
    const { name = '', unreliable = {} } = cases[i] ?? {};
    const escaped = name.replaceAll('|', '\\|');
    return {
      name: label!.startsWith(escaped) ? escaped : label!,
      shapes,
      right: isRight(first!, unreliable) && isRight(second!, unreliable),
    };
  });
  expect(actual).toEqual(expected);
});
