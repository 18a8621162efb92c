import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { memoryStore, type Store } from '@ganloom/storage';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { download } from './download';

const contents = Buffer.from('what is in it');
const sha256 = { 'a.gz': createHash('sha256').update(contents).digest('hex') };

let server: Server;
let url: string;
let store: Store;
let answer: { status: number; body: Buffer };
let asked: string[];

beforeEach(async () => {
  answer = { status: 200, body: gzipSync(contents) };
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url!);
    response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/set/`;
  store = memoryStore();
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

it('fetches what is missing, once, and says so', async () => {
  const told: string[] = [];
  await download({ url, store, sha256, onFetch: (from) => told.push(from) });
  expect(await store.get('a.gz')).toEqual(new Uint8Array(answer.body));
  await download({ url, store, sha256 });
  expect(asked).toEqual(['/set/a.gz']);
  expect(told).toEqual([`${url}a.gz`]);
});

it('does not mind how it was packed', async () => {
  answer.body = gzipSync(contents, { level: 0 });
  await download({ url, store, sha256 });
  expect(await store.get('a.gz')).toEqual(new Uint8Array(answer.body));
});

it.each([
  ['cut off', gzipSync(contents).subarray(0, 20)],
  ['another', Buffer.from('another')],
])('replaces a kept file that is %s', async (_, kept) => {
  await download({ url, store, sha256 });
  await store.put('a.gz', kept);
  await download({ url, store, sha256 });
  expect(await store.get('a.gz')).toEqual(new Uint8Array(answer.body));
});

it('keeps nothing that is not what was expected', async () => {
  answer.body = gzipSync(Buffer.from('another'));
  await expect(download({ url, store, sha256 })).rejects.toThrow(
    `download: ${url}a.gz must have SHA-256 ${sha256['a.gz']}, got `,
  );
  expect(await store.list()).toEqual([]);
});

it('says what is not there', async () => {
  answer.status = 404;
  await expect(download({ url, store, sha256 })).rejects.toThrow(
    `download: ${url}a.gz must answer with status 200, got 404; check the connection, or get the file`,
  );
});

it('says what cannot be reached', async () => {
  server.close();
  await expect(download({ url: 'http://127.0.0.1:1/', store, sha256 })).rejects.toThrow(
    'download: http://127.0.0.1:1/a.gz must be reachable, got ',
  );
});
