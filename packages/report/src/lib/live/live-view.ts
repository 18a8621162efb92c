import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UsageError } from '@ganloom/core';
import type { Sink } from '@ganloom/training';
import { sampleFrame } from '@ganloom/runs';
import { contentPolicy, liveSections, reportPage } from '../page';
import type { ReportData } from '../report-data';
import { frameData } from '../sections';
import { type EventStream, eventStream } from './event-stream';
import { isForLoopback, isFromElsewhere } from './loopback';

/** A run in the browser. */
export interface LiveView {
  readonly url: string;
  /** Tells the browsers what happens; goes behind the sink that `data` comes from. */
  readonly sink: Sink;
  /** Lets the browsers go. */
  close(): Promise<void>;
}

/** Where a run is shown if nobody says where. */
export const LIVE_PORT = 8017;

const LOOPBACK = '127.0.0.1';
const PAUSE_SECONDS = 1;
// Of the time that drawing takes, so that long runs are not slowed by their own curves.
const PAUSE_FACTOR = 50;

/**
 * Serves the report of a run that goes on, to this machine alone: the page at `/`, what is new at
 * `/events`, and nothing else. No file is read for a request but the samples of the run.
 *
 * @param port default: 8017, or any free one if that is taken
 * @throws UsageError if `port` is given and taken.
 */
export async function liveView(data: () => Promise<ReportData>, port?: number): Promise<LiveView> {
  const name = randomUUID();
  const browsers = new Set<EventStream>();
  let next = 0;

  const sections = (report: ReportData) => JSON.stringify(liveSections(report));
  const greet = async (request: IncomingMessage, response: ServerResponse, url: URL) => {
    const browser = eventStream(response);
    if (url.searchParams.get('run') !== name) {
      browser.send('reload', '');
      return browser.end();
    }
    response.on('close', () => browsers.delete(browser));
    browsers.add(browser);
    const after = Number(request.headers['last-event-id'] ?? url.searchParams.get('after') ?? -1);
    const report = await data();
    browser.send('sections', sections(report));
    for (const frame of report.frames) {
      if (frame.step > after) browser.send('frame', JSON.stringify(frameData(frame)), frame.step);
    }
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', `http://${LOOPBACK}`);
    setHeaders(response);
    if (!isForLoopback(request)) return refuse(response, 403);
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405);
    if (url.pathname === '/') {
      const page = reportPage(await data(), name);
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      return void response.end(page);
    }
    if (url.pathname !== '/events' || request.method !== 'GET') return refuse(response, 404);
    if (isFromElsewhere(request)) return refuse(response, 403);
    await greet(request, response, url);
  };

  const server = createServer((request, response) => {
    // Browsers come and go as they like.
    response.on('error', () => undefined);
    answer(request, response).catch(() =>
      response.headersSent ? response.destroy() : refuse(response, 500),
    );
  });
  await listen(server, port);

  const tell = async () => {
    const begin = performance.now();
    const text = sections(await data());
    for (const browser of browsers) browser.send('sections', text);
    const end = performance.now();
    next = end + Math.max(PAUSE_SECONDS * 1000, PAUSE_FACTOR * (end - begin));
  };
  return {
    url: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}/`,
    async sink(event) {
      if (browsers.size === 0) return;
      if (event.type === 'metrics' && performance.now() >= next) await tell();
      if (event.type === 'samples') {
        const { step, samples } = event;
        const { png } = sampleFrame(samples);
        const frame = JSON.stringify(frameData({ step, png }));
        for (const browser of browsers) browser.send('frame', frame, step);
      }
      if (event.type === 'end') {
        await tell();
        for (const browser of browsers) browser.send('end', '');
      }
    },
    async close() {
      for (const browser of browsers) browser.end();
      // Whoever does not take the last words in time does not hold up the program.
      const late = setTimeout(() => server.closeAllConnections(), 1000);
      await new Promise((resolve) => server.close(resolve));
      clearTimeout(late);
    },
  };
}

function setHeaders(response: ServerResponse): void {
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Connection', 'close');
  response.setHeader('Content-Security-Policy', `${contentPolicy(true)}; frame-ancestors 'none'`);
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('X-Content-Type-Options', 'nosniff');
}

function refuse(response: ServerResponse, status: 403 | 404 | 405 | 500): void {
  response.writeHead(status, { 'Content-Type': 'text/plain' }).end(`${status}\n`);
}

async function listen(server: Server, port: number | undefined): Promise<void> {
  try {
    await listenAt(server, port ?? LIVE_PORT);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE' && port === undefined) return listenAt(server, 0);
    throw new UsageError(
      `liveView: the port ${port ?? LIVE_PORT} must be free, but ${message}; name another, or none`,
    );
  }
}

function listenAt(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
