import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { compare, resultsOf } from './kill';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganloom-kill-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function run(name: string, metrics: string, more: Record<string, string> = {}) {
  const out = join(folder, name);
  await mkdir(join(out, 'samples'), { recursive: true });
  const files = { 'metrics.jsonl': metrics, 'samples/step-000020.png': 'png', ...more };
  for (const [file, text] of Object.entries(files)) await writeFile(join(out, file), text);
  return resultsOf(out);
}

const line = (step: number, seconds: number) =>
  `{"step":${step},"seconds":${seconds},"losses":{}}\n`;

it('does not mind seconds and files that have some', async () => {
  const whole = await run('whole', line(1, 0.5) + line(2, 1), { 'summary.json': '1' });
  const other = await run('other', line(1, 7e-3) + line(2, 9), { 'summary.json': '2' });
  expect(Object.keys(whole)).toHaveLength(4);
  expect(() => compare('other', other, whole)).not.toThrow();
});

it.each([
  ['a lost line', line(2, 1), {}],
  ['a doubled line', line(1, 1) + line(1, 1) + line(2, 1), {}],
  ['a line that was cut off', `${line(1, 1)}{"step":2`, {}],
  ['another picture', line(1, 1) + line(2, 1), { 'samples/step-000020.png': 'other' }],
  ['a file too many', line(1, 1) + line(2, 1), { 'samples/step-000040.png': 'png' }],
])('sees %s', async (_, metrics, more) => {
  const whole = await run('whole', line(1, 0.5) + line(2, 1));
  const other = await run('other', metrics, more);
  expect(() => compare('other', other, whole)).toThrow(
    /^kill: other must be as the run that was never killed, but \d of \d results differ: /,
  );
});
