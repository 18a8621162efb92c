import { createServer, get, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { RandomStream, UsageError } from '@ganloom/core';
import { healthMonitor, runTraining, train } from '@ganloom/training';
import { disposeVariant, tinyData, tinyVariant } from '@ganloom/tiny-gan';
import { samplesSink } from '@ganloom/runs';
import { memoryStore } from '@ganloom/storage';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { tinyReport } from '../../../test/tiny-report';
import { runRecord } from '../run-record';
import { type LiveView, liveView } from './live-view';

beforeAll(() => tf.setBackend('cpu'));

let view: LiveView | undefined;
afterEach(async () => {
  await view?.close();
  view = undefined;
});

const open = async (data = () => Promise.resolve(tinyReport())) => {
  view = await liveView(data, await freePort());
  return view;
};

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A request with any headers, as `fetch` does not let one lie about the host. */
function ask(
  url: string,
  headers = {},
  method = 'GET',
): Promise<IncomingMessage & { body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, method }, (response) => {
      let body = '';
      response.on('data', (data) => (body += String(data)));
      response.on('end', () => resolve(Object.assign(response, { body })));
    });
    sent.on('error', reject).end();
  });
}

interface Heard {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: string;
}

/** Listens to server-sent events until the server closes them. */
function listen(url: string, headers = {}) {
  const events: Heard[] = [];
  let text = '';
  let response: IncomingMessage | undefined;
  const closed = new Promise<void>((resolve) => {
    get(url, { headers }, (found) => {
      response = found;
      found.on('data', (data) => {
        text += String(data);
        const parts = text.split('\n\n');
        text = parts.pop()!;
        for (const part of parts) {
          const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(part)?.[1];
          const event = field('event');
          if (event) events.push({ event, id: field('id'), data: field('data') ?? '' });
        }
      });
      found.on('close', resolve);
    }).on('error', () => resolve());
  });
  return { events, closed, leave: () => response?.destroy() };
}

const nameIn = (page: string) => /data-live="([^"]+)"/.exec(page)![1]!;

it('serves the page and nothing else', async () => {
  const { url } = await open();
  const page = await ask(url);
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(page.headers['content-security-policy']).toMatch(
    /^default-src 'none';.*connect-src 'self'; frame-ancestors 'none'$/,
  );
  expect(page.headers['access-control-allow-origin']).toBeUndefined();
  expect(page.body).toContain('<title>tiny: ');
  for (const path of ['config.json', '..%2f..%2fetc/passwd', 'samples/', 'events/x']) {
    expect((await ask(url + path)).statusCode).toBe(404);
  }
  for (const method of ['POST', 'PUT', 'DELETE']) {
    expect((await ask(url, {}, method)).statusCode).toBe(405);
  }
  expect((await ask(url, {}, 'HEAD')).body).toBe('');
});

it('answers to its own names alone, so that no name server can lead others here', async () => {
  const { url } = await open();
  const { port } = new URL(url);
  for (const host of [`localhost:${port}`, '127.0.0.1', `[::1]:${port}`, 'LOCALHOST:1']) {
    expect((await ask(url, { host })).statusCode).toBe(200);
  }
  for (const host of [`evil.example:${port}`, 'localhost.evil.example', '127.0.0.1.evil.example']) {
    expect((await ask(url, { host })).statusCode).toBe(403);
    expect((await ask(`${url}events`, { host })).statusCode).toBe(403);
  }
  const elsewhere = { 'sec-fetch-site': 'cross-site' };
  expect((await ask(`${url}events?run=x`, elsewhere)).statusCode).toBe(403);
});

it('listens on the loopback interface alone', async () => {
  const { url } = await open();
  expect(new URL(url).hostname).toBe('127.0.0.1');
  const others = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4');
  for (const { address } of others) {
    await expect(ask(url.replace('127.0.0.1', address))).rejects.toThrow('ECONNREFUSED');
  }
});

it('finds a free port, or says that the one that was asked for is taken', async () => {
  const taken = await open();
  const port = Number(new URL(taken.url).port);
  await expect(liveView(async () => tinyReport(), port)).rejects.toThrow(
    new UsageError(
      `liveView: the port ${port} must be free, but listen EADDRINUSE: address already in use ` +
        `127.0.0.1:${port}; name another, or none`,
    ),
  );
  const views = [
    await liveView(async () => tinyReport()),
    await liveView(async () => tinyReport()),
  ];
  expect(new Set(views.map(({ url }) => url)).size).toBe(2);
  for (const one of views) await one.close();
});

describe('events', () => {
  it('tell a browser what it has missed, and send it to the page of another run', async () => {
    const { url } = await open();
    const name = nameIn((await ask(url)).body);
    const from = async (query: string, headers = {}) => {
      const { events, leave } = listen(`${url}events?${query}`, headers);
      await vi.waitFor(() => expect(events.length).toBeGreaterThan(0));
      await new Promise((resolve) => setTimeout(resolve, 20));
      leave();
      return events.map(({ event, id }) => [event, id]);
    };
    const sections = ['sections', undefined];
    expect(await from(`run=${name}&after=-1`)).toEqual([
      sections,
      ['frame', '5'],
      ['frame', '10'],
      ['frame', '20'],
    ]);
    expect(await from(`run=${name}&after=10`)).toEqual([sections, ['frame', '20']]);
    expect(await from(`run=${name}&after=5`, { 'last-event-id': '20' })).toEqual([sections]);
    expect(await from('run=other&after=10')).toEqual([['reload', undefined]]);
  });

  it('follow a run to its end, whoever leaves meanwhile', async () => {
    const variant = tinyVariant();
    const health = healthMonitor();
    const run = memoryStore();
    const record = runRecord(run, tinyReport().config, health);
    const { url, sink } = await open(record.data);
    const name = nameIn((await ask(url)).body);
    const [stays, leaves] = [1, 2].map(() => listen(`${url}events?run=${name}&after=-1`));
    await vi.waitFor(() => expect(leaves!.events).toHaveLength(1));

    const events = train(variant, tinyData(), {
      steps: 40,
      batchSize: 8,
      random: RandomStream.fromSeed(5),
      log: { every: 1 },
      samples: { every: 15, count: 4 },
    });
    let loggedSteps = 0;
    await runTraining(
      events,
      [
        samplesSink(run),
        record.sink,
        sink,
        (event) => {
          if (event.type === 'metrics' && ++loggedSteps === 10) leaves!.leave();
        },
      ],
      {
        onSinkError(error) {
          throw error;
        },
      },
    );
    await view!.close();
    await stays!.closed;
    const heard = stays!.events;
    expect(heard.filter(({ event }) => event === 'frame').map(({ id }) => id)).toEqual([
      '15',
      '30',
      '40',
    ]);
    expect(heard.at(-1)!.event).toBe('end');
    const last = heard.filter(({ event }) => event === 'sections').at(-1)!;
    expect(JSON.parse(last.data).status).toContain('step 40 of 40');
    // A log every few milliseconds is not told each time.
    expect(heard.filter(({ event }) => event === 'sections').length).toBeLessThan(10);
    await expect(ask(url)).rejects.toThrow('ECONNREFUSED');
    view = undefined;
    disposeVariant(variant);
  });
});
