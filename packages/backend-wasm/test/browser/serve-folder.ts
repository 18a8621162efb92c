import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' };

/** Serves a folder on a free port of this machine under several paths, each with headers of its own. */
export async function serveFolder(
  folder: string,
  paths: Record<string, Record<string, string>>,
): Promise<Server> {
  const server = createServer(({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const path = Object.keys(paths).find((prefix) => pathname.startsWith(prefix));
    const file = path && join(folder, normalize(pathname.slice(path.length - 1)));
    try {
      const content = readFileSync(file!);
      const type = TYPES[extname(file!)] ?? 'application/octet-stream';
      response.writeHead(200, { 'Content-Type': type, ...paths[path!] }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
