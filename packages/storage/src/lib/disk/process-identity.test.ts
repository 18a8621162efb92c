import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { isRunning, processIdentity } from './process-identity';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A process that waits; what it says first. */
async function start(command: string): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn('sh', ['-c', command], { stdio: ['pipe', 'pipe', 'ignore'] });
  children.push(child);
  const [said] = (await once(child.stdout!, 'data')) as [Buffer];
  return { child, said: said.toString().trim() };
}

it('knows a process that runs from one that was killed', async () => {
  const { child } = await start('echo here; exec sleep 60');
  const one = await processIdentity(child.pid!);
  expect(await isRunning(one)).toBe(true);
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  expect(await isRunning(one)).toBe(false);
  expect(await isRunning(await processIdentity())).toBe(true);
});

it('knows this machine by its name', async () => {
  const here = await processIdentity();
  expect(await isRunning({ ...here, host: `${here.host}-other` })).toBe(false);
});

describe.skipIf(process.platform !== 'linux')('on Linux', () => {
  it('knows another process of the same number, and another start of the machine', async () => {
    const here = await processIdentity();
    expect(here).toEqual({
      pid: process.pid,
      host: here.host,
      boot: expect.stringMatching(/^[0-9a-f-]{36}$/),
      start: expect.stringMatching(/^\d+$/),
    });
    expect(await isRunning({ ...here, start: `${Number(here.start) - 1}` })).toBe(false);
    expect(await isRunning({ ...here, boot: here.boot!.replaceAll(/./g, '0') })).toBe(false);
    // As a system writes it that does not tell.
    expect(await isRunning({ pid: here.pid, host: here.host })).toBe(true);
  });

  it('takes one that its parent has not noticed to be killed for what it is', async () => {
    // The second sleep takes the place of the shell, and does not ask after the first.
    const { said } = await start('sleep 60 & echo $!; exec sleep 60');
    const one = await processIdentity(Number(said));
    expect(await isRunning(one)).toBe(true);
    process.kill(one.pid, 'SIGKILL');
    await expect.poll(() => isRunning(one)).toBe(false);
    // It is there all the same.
    expect(process.kill(one.pid, 0)).toBe(true);
  });

  it('reads a name with spaces and parentheses', async () => {
    const { child } = await start('printf "a) Z (b" > /proc/$$/comm; echo here; read nothing');
    const one = await processIdentity(child.pid!);
    expect(one.start).toMatch(/^\d+$/);
    expect(await isRunning(one)).toBe(true);
  });
});
