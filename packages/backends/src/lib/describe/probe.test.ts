import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { afterEach, expect, it } from 'vitest';
import { probe } from './probe';

const from = join(tmpdir(), 'index.js');
const { execPath } = process;

afterEach(() => void (process.execPath = execPath));

it('gives the answer, or what was thrown', async () => {
  expect(await probe('answer([1, null]);', from)).toEqual({ answer: [1, null] });
  expect(await probe('throw new Error("broken");', from)).toEqual({
    failure: { message: 'broken' },
  });
});

it('takes an answer that is cut for none', async () => {
  const program = `writeSync(3, '{"answer": "al'); process.exit(7);`;
  expect(await probe(program, from)).toEqual({
    failure: { message: 'its process ended with exit code 7' },
  });
});

it('says that a process does not answer, or does not start', async () => {
  expect(await probe('setInterval(() => undefined, 1e6);', from, 50)).toEqual({
    failure: {
      message: 'its process gave no answer in 0.05 s',
      remedy: 'try again when the machine has less to do',
    },
  });
  process.execPath = join(tmpdir(), 'no-such-program-of-ganloom');
  const { failure } = (await probe('answer(1);', from)) as { failure: object };
  expect(failure).toMatchObject({
    message: expect.stringMatching(/^its process does not start: spawn .* ENOENT$/),
    remedy: 'try again where this program may start others',
  });
});
