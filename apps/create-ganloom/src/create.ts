import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const places = fileURLToPath(new URL('../templates/', import.meta.url));

/** What a project can begin with. */
export const templates: readonly string[] = readdirSync(places);

/**
 * Writes a template into a folder, and names its package after the folder.
 *
 * @throws Error if the folder holds something.
 */
export function create(folder: string, template: string): void {
  const there = statSync(folder, { throwIfNoEntry: false });
  if (there && (!there.isDirectory() || readdirSync(folder).length > 0)) {
    throw new Error(
      `create-ganloom needs a new or empty folder, but ${folder} is there and not empty; name another`,
    );
  }
  cpSync(join(places, template), folder, { recursive: true });
  const file = join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  manifest['name'] = packageName(basename(resolve(folder)));
  writeFileSync(file, `${JSON.stringify(manifest, undefined, 2)}\n`);
  // npm leaves files of that name out of tarballs.
  writeFileSync(join(folder, '.gitignore'), 'node_modules\ndist\n');
}

/** A name that npm accepts. */
export function packageName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9~-]+/g, '-')
    .replaceAll(/^[-~]+|-+$/g, '')
    // npm takes no longer one.
    .slice(0, 214);
  return name || 'my-gan';
}
