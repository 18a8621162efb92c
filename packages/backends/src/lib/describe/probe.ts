import type { LoadFailure } from '../unavailable';

/** How long to wait for a library: libtensorflow with CUDA takes a few seconds. */
const MILLISECONDS = 60_000;

/**
 * Loads a package in a process of its own. libtensorflow selects itself when it is loaded, Dawn and CUDA
 * write on the error output, and a library that was built for another processor ends its process.
 *
 * @param program an ES module that has `load(name)` and gives its answer to `answer(value)`
 * @param from the file from whose place packages are looked for
 */
export async function probe<T>(
  program: string,
  from: string,
): Promise<{ readonly answer: T } | { readonly failure: LoadFailure }> {
  // In a variable, so that bundlers for browsers leave it alone.
  const name = 'node:child_process';
  const { spawn } = (await import(name)) as typeof import('node:child_process');
  return new Promise((resolve, reject) => {
    const args = ['--input-type=module', '--eval', PRELUDE + program, from];
    const child = spawn(process.execPath, args, {
      // On a channel of its own, as libraries write on the others.
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      // An `import` does not look there, and useBackend imports.
      env: { ...process.env, NODE_PATH: '' },
      timeout: MILLISECONDS,
      windowsHide: true,
    });
    let text = '';
    const channel = child.stdio[3] as NodeJS.ReadableStream;
    channel.setEncoding('utf8').on('data', (part: string) => (text += part));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const failure = { message: `its process ended with ${signal ?? `exit code ${code}`}` };
      resolve(text === '' ? { failure } : JSON.parse(text));
    });
  });
}

const PRELUDE = `
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import util from 'node:util';
import { pathToFileURL } from 'node:url';
// As useBackend restores them.
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;
const require = createRequire(process.argv[1]);
const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const end = (value) => {
  writeSync(3, JSON.stringify(value));
  process.exit(0);
};
const answer = (value) => end({ answer: value });
process.on('uncaughtException', ({ code, message }) => end({ failure: { code, message } }));
`;
