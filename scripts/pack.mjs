// What a package does before and after it is packed, called by its scripts `prepack` and `postpack`:
// it is built, and links of its README that lead to files of the repository, which no tarball has, become
// addresses of them.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** @param {string} folder */
const json = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** The address of the repository on the web. */
export const web = json(root).repository.url.replace(/^git\+|\.git$/g, '');

/**
 * The address that a file or folder of the repository has on the web.
 * @param {string} file
 * @param {string} hash with its `#`, or nothing
 */
export function webAddress(file, hash = '', isImage = false) {
  const kind = isImage ? 'raw' : statSync(file).isDirectory() ? 'tree' : 'blob';
  return `${web}/${kind}/HEAD/${relative(root, file).replaceAll('\\', '/')}${hash}`;
}

/**
 * Markdown whose relative links are those of `folder`, with the addresses that they have on the web.
 * @param {string} markdown
 * @param {string} folder
 */
export function withWebLinks(markdown, folder) {
  return markdown.replaceAll(
    /(!?)\]\((?!https?:|#|mailto:)([^)\s#]*)(#[^)\s]*)?\)/g,
    (_, image, link, hash = '') => {
      const file = resolve(folder, link);
      if (!existsSync(file)) throw new Error(`${join(folder, 'README.md')}: dead link ${link}`);
      return `${image}](${webAddress(file, hash, image === '!')})`;
    },
  );
}

/** @param {string} folder */
function prepack(folder) {
  const { name } = json(folder);
  const bin = join(root, 'node_modules', '.bin');
  const { status } = spawnSync(join(bin, 'turbo'), ['run', 'build', `--filter=${name}`], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, GANLOOM_TYPES: '1', PATH: `${bin}:${process.env.PATH}` },
  });
  if (status !== 0) process.exit(status ?? 1);
  const readme = join(folder, 'README.md');
  const text = readFileSync(readme, 'utf8');
  const packed = withWebLinks(text, folder);
  // After a kill the first one stands there still, and is the right one.
  const kept = keptReadme(folder);
  if (!existsSync(kept)) writeFileSync(kept, text);
  writeFileSync(readme, packed);
}

/** @param {string} folder */
function postpack(folder) {
  const kept = keptReadme(folder);
  if (existsSync(kept)) renameSync(kept, join(folder, 'README.md'));
}

/** @param {string} folder */
const keptReadme = (folder) => join(folder, 'node_modules', '.README.md');

const [, program, command] = process.argv;
if (program && import.meta.url === pathToFileURL(program).href) {
  if (command === 'prepack') prepack(process.cwd());
  else postpack(process.cwd());
}
