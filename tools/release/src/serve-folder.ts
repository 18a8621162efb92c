import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Page } from 'playwright-core';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** Answers all that a page asks for with the files of a folder. */
export async function serveFolder(
  page: Page,
  folder: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  await page.route('**/*', async (route) => {
    const { pathname } = new URL(route.request().url());
    const file = join(folder, pathname === '/' ? 'index.html' : pathname);
    if (!existsSync(file)) return route.fulfill({ status: 404, body: '' });
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    return route.fulfill({
      headers: { ...headers, 'Content-Type': type },
      body: readFileSync(file),
    });
  });
}
