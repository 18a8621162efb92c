import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';

/** Which process, among all of all times, as far as the system tells. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** On Linux: which start of the machine, and the process's start in clock ticks since then. */
  readonly boot?: string;
  readonly start?: string;
}

export async function processIdentity(pid: number = process.pid): Promise<ProcessIdentity> {
  const boot = await readSystem('/proc/sys/kernel/random/boot_id');
  const start = (await statOf(pid))?.start;
  return {
    pid,
    host: hostname(),
    ...(boot !== undefined && { boot }),
    ...(start !== undefined && { start }),
  };
}

/**
 * Whether the process runs on this machine; not merely another one with its number. One that was killed
 * does not, though its parent has not yet noticed.
 */
export async function isRunning({ pid, host, boot, start }: ProcessIdentity): Promise<boolean> {
  const here = await processIdentity(pid);
  if (host !== here.host || (boot && here.boot && boot !== here.boot) || !hasPid(pid)) return false;
  const now = await statOf(pid);
  // Elsewhere than on Linux, or where processes of others are hidden.
  if (!now) return true;
  return now.state !== 'Z' && now.state !== 'X' && (start ?? now.start) === now.start;
}

/** Whether a process of this machine has the number now. */
export function hasPid(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's, which may not be signalled.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** State and start of a process, by proc(5). */
async function statOf(pid: number): Promise<{ state: string; start: string } | undefined> {
  const text = await readSystem(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The name, in parentheses, may have spaces and parentheses itself.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, start] = [fields[0], fields[19]];
  return state && start ? { state, start } : undefined;
}

async function readSystem(path: string): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  return readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
}
