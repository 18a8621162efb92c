import { PassThrough, Writable } from 'node:stream';
import { GanloomError, UsageError } from '@ganloom/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Option } from 'commander';
import { exitCodeOf } from './exit-code';
import { required } from './options';
import { runProgram } from './program';
import { interruptSignal } from './interrupt-signal';
import { progressSink } from './progress-sink';

/** A stream that remembers what is written. */
function memory(isTTY = false) {
  const text: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text.push(String(chunk));
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY }) as unknown as NodeJS.WriteStream, text };
}

describe('exitCodeOf', () => {
  it('lets a program go on whose output nobody reads any more', async () => {
    const closed = (code: string) =>
      process.stdout.emit('error', Object.assign(new Error(code), { code }));
    const before = process.stdout.listenerCount('error');
    expect(await exitCodeOf(async () => (closed('EPIPE') ? 7 : 0))).toBe(7);
    const errors: string[] = [];
    const stream = { write: (text: string) => errors.push(text) } as never;
    expect(await exitCodeOf(async () => (closed('EIO') ? 7 : 0), stream)).toBe(1);
    expect(errors.join('')).toContain('EIO');
    expect(process.stdout.listenerCount('error')).toBe(before);
  });

  const fails = async (error: unknown) => {
    const { stream, text } = memory();
    return [await exitCodeOf(() => Promise.reject(error), stream), text.join('')] as const;
  };

  it('is what the program says, or 2 for wrong usage, 1 for other failures', async () => {
    expect(await exitCodeOf(async () => 130)).toBe(130);
    expect(await fails(new UsageError('--steps'))).toEqual([2, 'error: --steps\n']);
    expect(await fails(new GanloomError('truncated'))).toEqual([1, 'error: truncated\n']);
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
      syscall: 'write',
    });
    expect(await fails(full)).toEqual([1, 'error: ENOSPC: no space left on device, write\n']);
    const [code, text] = await fails(new TypeError('a bug'));
    expect(code).toBe(1);
    expect(text).toMatch(/^error: TypeError: a bug\n {4}at /);
  });

  it('takes commander’s errors as usage, its help as done', async () => {
    const commander = (exitCode: number) =>
      Object.assign(new Error('said already'), { code: 'commander.x', exitCode });
    expect(await fails(commander(1))).toEqual([2, '']);
    expect(await fails(commander(0))).toEqual([0, '']);
  });
});

describe('runProgram', () => {
  const command = {
    name: 'train',
    description: '',
    options: [required('--out <folder>', ''), new Option('--steps <n>', '')],
    run: async () => 0,
  };
  const run = async (...argv: string[]) => {
    const written: string[] = [];
    const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      written.push(String(text));
      return true;
    });
    const info = { name: 'mine', description: '', version: '0' };
    const code = await runProgram(info, [command], ['train', ...argv]);
    write.mockRestore();
    return [code, written.join('')] as const;
  };

  it('names a slip before what is missing because of it', async () => {
    const [code, text] = await run('--otu', 'x');
    expect(code).toBe(2);
    expect(text).toContain("error: unknown option '--otu'\n(Did you mean --out?)");
    expect(text).not.toContain('required option');
  });

  it('misses what must be given, each time', async () => {
    for (let i = 0; i < 2; i++) {
      const [code, text] = await run('--steps', '1');
      expect(code).toBe(2);
      expect(text).toContain("error: required option '--out <folder>' not specified");
    }
    expect(await run('--out', 'x')).toEqual([0, '']);
  });
});

describe('interruptSignal', () => {
  it('aborts at the first signal, exits at the second', () => {
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
    const interrupt = interruptSignal(new PassThrough());
    process.emit('SIGINT', 'SIGINT');
    expect(interrupt.signal.aborted).toBe(true);
    expect(exit).not.toHaveBeenCalled();
    process.emit('SIGTERM', 'SIGTERM');
    expect(exit).toHaveBeenCalledWith(130);
    interrupt.dispose();
    expect(process.listenerCount('SIGINT')).toBe(0);
    exit.mockRestore();
  });
});

describe('progressSink', () => {
  afterEach(() => vi.useRealTimers());

  const play = async (isTTY: boolean, steps: number, secondsPerStep: number) => {
    vi.useFakeTimers({ toFake: ['performance', 'Date', 'setTimeout', 'clearTimeout'] });
    const { stream, text } = memory(isTTY);
    const sink = progressSink({ also: ['distance'], stream });
    await sink({ type: 'start', step: 0, steps, batchSize: 8, drawsSamples: false });
    for (let step = 1; step <= steps; step++) {
      vi.advanceTimersByTime(secondsPerStep * 1000);
      if (step === 1)
        await sink({
          type: 'metrics',
          step,
          seconds: 0,
          losses: { generator: 0.7 },
          statistics: { realLogit: 1, distance: 0.25 },
        });
      await sink({ type: 'step', step, seconds: 0 });
    }
    await sink({
      type: 'end',
      step: steps,
      seconds: 0,
      imagesPerSecond: 0,
      reason: 'steps',
      losses: {},
    });
    return text;
  };

  it('writes a line now and then where there is no terminal', async () => {
    expect(await play(false, 100, 0.25)).toEqual([
      '8/100 steps, 4.0/s, 23s left, generator 0.700, distance 0.250\n',
      '48/100 steps, 4.0/s, 13s left, generator 0.700, distance 0.250\n',
      '88/100 steps, 4.0/s, 3s left, generator 0.700, distance 0.250\n',
      '100/100 steps, 4.0/s, 0s left, generator 0.700, distance 0.250\n',
    ]);
  });

  it('draws a bar on a terminal, and gives the cursor back', async () => {
    const text = (await play(true, 100, 0.25)).join('');
    expect(text).toContain('88/100 steps | 4.0/s | 3s left | generator 0.700, distance 0.250');
    expect(text.lastIndexOf('\u001B[?25h')).toBeGreaterThan(text.lastIndexOf('\u001B[?25l'));
  });

  it('is silent about what is soon over', async () => {
    expect(await play(false, 10, 0.1)).toEqual([]);
    expect(await play(true, 10, 0.1)).toEqual([]);
  });
});
