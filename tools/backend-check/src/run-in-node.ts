import { fork } from 'node:child_process';
import type { Measured } from './measured';

/** Its own process, as libraries select themselves, print, or end it. */
export function runInNode(
  program: string,
  backend: string,
  onlyTrain = false,
): Promise<Measured | { readonly message: string }> {
  return new Promise((resolve) => {
    const args = ['--run', backend, ...(onlyTrain ? ['--only-train'] : [])];
    const child = fork(program, args, {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // JSON would leave out all that is undefined, which is what passed.
      serialization: 'advanced',
    });
    let said = '';
    let answer: Measured | { readonly message: string } | undefined;
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.on('message', (message) => (answer = message as Measured));
    child.on('close', (code, signal) => {
      const end = `the process ended with ${signal ?? `exit code ${code}`}`;
      resolve(answer ?? { message: `${end}: ${said.trim().split('\n').slice(-3).join(' ')}` });
    });
  });
}
