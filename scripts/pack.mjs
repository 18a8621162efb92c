// What a package does before and after it is packed, called by its scripts `prepack` and `postpack`:
// it is built, and links of its README that lead to files of the repository, which no tarball has, become
// addresses of them.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const json = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** Markdown whose relative links are those of `folder`, with the addresses that they have on the web. */
export function withWebLinks(markdown, folder) {
  const web = json(root).repository.url.replace(/^git\+|\.git$/g, '');
  return markdown.replaceAll(
    /(!?)\]\((?!https?:|#|mailto:)([^)\s#]*)(#[^)\s]*)?\)/g,
    (_, image, link, hash = '') => {
      const file = resolve(folder, link);
      if (!existsSync(file)) throw new Error(`${join(folder, 'README.md')}: dead link ${link}`);
      const kind = image ? 'raw' : statSync(file).isDirectory() ? 'tree' : 'blob';
      const path = relative(root, file).replaceAll('\\', '/');
      return `${image}](${web}/${kind}/HEAD/${path}${hash})`;
    },
  );
}

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

function postpack(folder) {
  const kept = keptReadme(folder);
  if (existsSync(kept)) renameSync(kept, join(folder, 'README.md'));
}

const keptReadme = (folder) => join(folder, 'node_modules', '.README.md');

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const commands = { prepack, postpack };
  commands[process.argv[2]](process.cwd());
}
