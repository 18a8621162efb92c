import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { MarkdownRenderer } from 'vitepress';
import { webAddress } from '../../scripts/pack.mjs';

const root = join(import.meta.dirname, '..', '..');

/** The page that a file of the repository becomes, as its address in the site; `undefined` if none. */
export function pageOf(file: string): string | undefined {
  for (const [pattern, address] of PAGES) {
    const found = pattern.exec(file);
    if (found) return file.replace(pattern, address);
  }
  return undefined;
}

const PAGES: readonly (readonly [RegExp, string])[] = [
  [/^docs\/index\.md$/, '/'],
  [/^docs\/api\/index\.md$/, '/api/'],
  [/^docs\/api\/(?:@ganloom\/)?([^/]+)\.md$/, '/api/$1'],
  [/^docs\/api\/@ganloom\/([^/]+)\/([^/]+)\.md$/, '/api/$1-$2'],
  [/^docs\/(.+)\.md$/, '/$1'],
  [/^packages\/([^/]+)(?:\/README\.md)?$/, '/packages/$1'],
  [/^apps\/([^/]+)(?:\/README\.md)?$/, '/recipes/$1'],
  [/^apps\/([^/]+)\/docs\/(.+)\.md$/, '/recipes/$1/$2'],
  [/^bench(?:\/README\.md)?$/, '/benchmarks'],
];

/**
 * Links between files of the repository become links between pages of the site; those to files that are no
 * pages lead to the repository.
 */
export function toSiteLinks(md: MarkdownRenderer): void {
  md.core.ruler.push('site-links', ({ tokens, env }) => {
    const { path, realPath = path } = env as { path: string; realPath?: string };
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const link = token.type === 'link_open' ? token.attrGet('href') : null;
      if (link) token.attrSet('href', toSite(link, realPath));
    }
  });
}

function toSite(link: string, from: string): string {
  const parts = /^(?![a-z]+:|#|\/)([^#]*)(#.*)?$/.exec(link);
  if (!parts) return link;
  const [, path = '', hash = ''] = parts;
  const target = resolve(dirname(from), decodeURI(path));
  if (!existsSync(target)) throw new Error(`${relative(root, from)}: dead link ${link}`);
  const file = relative(root, target).replaceAll('\\', '/');
  const page = pageOf(file);
  return page ? page + hash : webAddress(target, hash);
}
