import type { ServerResponse } from 'node:http';

/** A browser that listens to server-sent events (HTML standard, section 9.2). */
export interface EventStream {
  /** Sends an event; whoever cannot keep up is cut off, and comes back by itself. */
  send(event: string, data: string, id?: number): void;
  end(): void;
}

// Some pictures; more waits for a browser that sleeps.
const MOST_WAITING = 16e6;

export function eventStream(response: ServerResponse): EventStream {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.write('retry: 2000\n\n');
  return {
    send(event, data, id) {
      if (response.writableLength > MOST_WAITING) {
        response.destroy();
        return;
      }
      const name = id === undefined ? '' : `id: ${id}\n`;
      response.write(`event: ${event}\n${name}data: ${data.replaceAll('\n', '\ndata: ')}\n\n`);
    },
    end: () => void response.end(),
  };
}
