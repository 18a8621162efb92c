import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { DrivenBrowser } from './launch-browser';

/** How long a program may take to start, or a function to run in the page. */
const PATIENCE_MS = 60_000;

/**
 * WebKitGTK through WebDriver, which its own driver speaks: requests of JSON.
 *
 * @param xvfb what makes a screen where there is none
 */
export async function launchWebKit(
  driver: string,
  xvfb: string | undefined,
  env: Readonly<Record<string, string>>,
): Promise<DrivenBrowser> {
  const started: ChildProcess[] = [];
  const stop = () => started.forEach((program) => program.kill());
  try {
    let display = env['DISPLAY'];
    if (display === undefined) {
      const screen = spawn(xvfb!, ['-displayfd', '1', '-nolisten', 'tcp'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      started.push(screen);
      display = `:${await firstLine(screen)}`;
    }
    const port = await freePort();
    started.push(
      spawn(driver, [`--port=${port}`], { env: { ...env, DISPLAY: display }, stdio: 'ignore' }),
    );
    const send = sender(`http://127.0.0.1:${port}`);
    await until(() => send('GET', '/status').then(Boolean, () => false));
    const { sessionId } = (await send('POST', '/session', {
      capabilities: { alwaysMatch: { timeouts: { script: PATIENCE_MS } } },
    })) as { sessionId: string };
    const session = `/session/${sessionId}`;
    return {
      // A session has one window, which all pages use in turn.
      newPage: async () => ({
        goto: (url) => send('POST', `${session}/url`, { url }),
        async evaluate(run, argument) {
          const script = `const done = arguments[1];
            Promise.resolve((${String(run)})(arguments[0])).then(
              (value) => done({ value }), (error) => done({ error: String(error) }));`;
          const answer = await send('POST', `${session}/execute/async`, {
            script,
            args: [argument],
          });
          const { value, error } = answer as { value: never; error?: string };
          if (error !== undefined) throw new Error(error);
          return value;
        },
        close: async () => void (await send('POST', `${session}/url`, { url: 'about:blank' })),
      }),
      async close() {
        await send('DELETE', session);
        stop();
      },
    };
  } catch (error) {
    stop();
    throw error;
  }
}

function sender(address: string) {
  return async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(address + path, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    const { value } = (await response.json()) as { value: unknown };
    if (response.ok) return value;
    throw new Error(`WebKitWebDriver: ${method} ${path}: ${JSON.stringify(value)}`);
  };
}

function firstLine(program: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    program.stdout!.once('data', (text) => resolve(String(text).trim()));
    program.once('error', reject);
    program.once('exit', (code) => reject(new Error(`${program.spawnfile} ended with ${code}`)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('launchWebKit: the driver does not answer');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
