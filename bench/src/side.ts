import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { GanloomError } from '@ganloom/core';
import type { About, Turn } from './serve';

/** A process that waits for its turn. */
export interface Side {
  readonly label: string;
  readonly about: About;
  run(steps: number): Promise<Turn>;
  stop(): Promise<void>;
}

/**
 * Starts a process that speaks the protocol of `peers/serve.py` and waits until it is ready.
 *
 * @throws if it ends before it is ready; `run` throws if it ends in its turn.
 */
export async function startSide(
  label: string,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Side> {
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-4000);
  });
  // A process that has ended is noticed by its silence, below.
  child.stdin.on('error', () => undefined);
  const ended = once(child, 'close').catch((error: Error) => [error.message]);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  async function answer<T>(): Promise<T> {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) {
        const [reason] = (await ended) as [number | string | null];
        const detail = complaints.trim() || 'it said nothing';
        throw new GanloomError(`bench: ${label} ended (${String(reason)}): ${detail}`);
      }
      if (!value.startsWith('{')) continue;
      const message = JSON.parse(value) as { error?: string } & T;
      if (message.error !== undefined) throw new GanloomError(`bench: ${label}: ${message.error}`);
      return message;
    }
  }

  return {
    label,
    about: await answer<About>(),
    run(steps) {
      child.stdin.write(`run ${steps}\n`);
      return answer<Turn>();
    },
    async stop() {
      child.stdin.end();
      const impatience = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(impatience);
    },
  };
}
