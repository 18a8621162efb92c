import type { IncomingMessage } from 'node:http';

const NAMES = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Whether a request names this machine itself. One that names another host was led here by a name
 * server that lies (DNS rebinding), so that a foreign page may read what it should not.
 */
export function isForLoopback({ headers: { host = '' } }: IncomingMessage): boolean {
  return NAMES.includes(host.replace(/:\d+$/, '').toLowerCase());
}

/** Whether a page of another site made the request, as far as the browser says. */
export function isFromElsewhere({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}
