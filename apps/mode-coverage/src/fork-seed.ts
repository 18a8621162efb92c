import { fork } from 'node:child_process';
import process from 'node:process';
import { finished } from 'node:stream/promises';
import type { Sink } from '@ganloom/training';

/** How a process ended. */
export interface SeedEnd {
  readonly code: number;
  /** What it wrote to standard error. */
  readonly errors: string;
}

/** Runs this program with other words, and says which step it has come to. */
export type StartSeed = (
  argv: readonly string[],
  options: { readonly signal: AbortSignal; readonly onStep: (step: number) => void },
) => Promise<SeedEnd>;

/** Tells a process that it is one of {@link forkSeed}: others may have a channel to their parent too. */
const CHILD = 'GANLOOM_SEED_PROCESS';

/** Runs this program as another process. */
export const forkSeed: StartSeed = (argv, { signal, onStep }) =>
  new Promise((resolve, reject) => {
    const child = fork(process.argv[1]!, argv, {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, [CHILD]: '1' },
      // Of a group of its own, so that ctrl-C comes to us alone, and to it once.
      detached: true,
    });
    const errors: Buffer[] = [];
    const stop = () => {
      if (child.connected) child.disconnect();
    };
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    child.stderr!.on('data', (part: Buffer) => errors.push(part));
    child.on('message', (message) => onStep((message as { step: number }).step));
    child.on('error', reject);
    // Node 20 has no 'close' event for a process whose channel was closed from here.
    const ended = finished(child.stderr!).catch(() => undefined);
    child.on('exit', (code) => {
      signal.removeEventListener('abort', stop);
      const end = () => ({ code: code ?? 1, errors: Buffer.concat(errors).toString('utf8') });
      void ended.then(() => resolve(end()));
    });
  });

/** What {@link parentSinks} needs of a process. */
export interface Child {
  readonly env: NodeJS.ProcessEnv;
  readonly connected: boolean;
  send?: (message: { readonly step: number }) => boolean;
  emit(event: 'SIGINT', signal: 'SIGINT'): unknown;
}

/**
 * In a process of {@link forkSeed}: tells the parent of each step, and interrupts training, so that
 * all is saved, when the parent closes the channel or is gone.
 */
export function parentSinks(child: Child = process): Sink[] {
  if (!child.env[CHILD]) return [];
  let stopped = false;
  return [
    (event) => {
      if (event.type !== 'step' || stopped) return;
      if (child.connected) return void child.send!({ step: event.step });
      stopped = true;
      child.emit('SIGINT', 'SIGINT');
    },
  ];
}
