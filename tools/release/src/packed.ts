import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..', '..');

/** The folders of packages that are published. */
export const published: readonly string[] = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'package.json')),
);

export const nameOf = (folder: string): string =>
  folder === 'ganloom' ? folder : `@ganloom/${folder}`;

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a program to its end. */
export function run(
  command: string,
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    // The settings of whoever runs the tests are not those of a new user.
    const { NODE_OPTIONS: _, ...own } = process.env;
    const child = spawn(command, args, {
      cwd,
      env: { ...own, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (text) => (out += String(text)));
    child.stderr.on('data', (text) => (err += String(text)));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

/** The same, and it must end well. */
export async function mustRun(...how: Parameters<typeof run>): Promise<Ran> {
  const ran = await run(...how);
  if (ran.code === 0) return ran;
  throw new Error(`${how[0]} ${how[1].join(' ')} ended with ${ran.code}\n${ran.out}\n${ran.err}`);
}

/** Packs every package into a folder; the paths of the tarballs by the packages' names. */
export async function packAll(into: string): Promise<Readonly<Record<string, string>>> {
  mkdirSync(into, { recursive: true });
  const tarballs: Record<string, string> = {};
  for (const folder of published) {
    const { out } = await mustRun(
      join(root, 'node_modules', '.bin', 'pnpm'),
      ['pack', '--json', '--pack-destination', into],
      { cwd: join(root, 'packages', folder) },
    );
    // The scripts around it may have spoken before.
    const { filename } = JSON.parse(out.slice(out.search(/^\{/m))) as { filename: string };
    tarballs[nameOf(folder)] = filename;
  }
  return tarballs;
}

/** A new project in a folder, with packages from tarballs and others from the registry. */
export async function makeProject(
  folder: string,
  tarballs: Readonly<Record<string, string>>,
  {
    wanted,
    others = {},
  }: { readonly wanted: readonly string[]; readonly others?: Readonly<Record<string, string>> },
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const files = Object.entries(tarballs).map(([name, file]) => [name, `file:${file}`]);
  const manifest = {
    name: 'a-new-project',
    private: true,
    type: 'module',
    dependencies: {
      ...others,
      ...Object.fromEntries(files.filter(([name]) => wanted.includes(name!))),
    },
    // What packages need of each other is not in a registry yet.
    overrides: Object.fromEntries(files.filter(([name]) => !wanted.includes(name!))),
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, undefined, 2));
  await mustRun('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder });
}

/** What `package.json` of an installed package says. */
export function installed(
  project: string,
  name: string,
): { readonly exports: Record<string, unknown> } {
  return JSON.parse(
    readFileSync(join(project, 'node_modules', name, 'package.json'), 'utf8'),
  ) as never;
}

/** The version of TensorFlow.js that packages are tested with. */
export const TFJS = '4.22.0';
