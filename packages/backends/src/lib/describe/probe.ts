import { reasonOf } from '../backend';
import type { LoadFailure } from '../unavailable';

/** How long to wait for a library: libtensorflow with CUDA takes a few seconds. */
const MILLISECONDS = 60_000;

/**
 * Loads a package in a process of its own. libtensorflow selects itself when it is loaded, Dawn and CUDA
 * write on the error output, and a library that was built for another processor ends its process.
 *
 * @param program an ES module that has `load(name)` and gives its answer to `answer(value)`
 * @param from the file from whose place packages are looked for
 * @param milliseconds how long to wait
 */
export async function probe<T>(
  program: string,
  from: string,
  milliseconds = MILLISECONDS,
): Promise<Probed<T>> {
  // In a variable, so that bundlers for browsers leave it alone.
  const name = 'node:child_process';
  const { spawn } = (await import(name)) as typeof import('node:child_process');
  const probed = new Promise<Probed<T>>((resolve, reject) => {
    const args = ['--input-type=module', '--eval', PRELUDE + program, from];
    const child = spawn(process.execPath, args, {
      // On a channel of its own, as libraries write on the others.
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      // An `import` does not look there, and useBackend imports.
      env: { ...process.env, NODE_PATH: '' },
      timeout: milliseconds,
      windowsHide: true,
    });
    child.on('error', reject);
    let text = '';
    // There is none where the system has no room for another process.
    const channel = child.stdio?.[3] as NodeJS.ReadableStream | undefined;
    channel?.setEncoding('utf8').on('data', (part: string) => (text += part));
    child.on('close', (code, signal) => {
      // Of a process that ended while it wrote, the answer is cut.
      const answer = parsed<Probed<T>>(text);
      if (answer) return resolve(answer);
      const late = `its process gave no answer in ${milliseconds / 1000} s`;
      const ended = `its process ended with ${signal ?? `exit code ${code}`}`;
      resolve({
        failure: child.killed
          ? { message: late, remedy: 'try again when the machine has less to do' }
          : { message: ended },
      });
    });
  });
  return probed.catch((error: unknown) => ({
    failure: {
      message: `its process does not start: ${reasonOf(error)}`,
      remedy: 'try again where this program may start others',
    },
  }));
}

type Probed<T> = { readonly answer: T } | { readonly failure: LoadFailure };

function parsed<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
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
