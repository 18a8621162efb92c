import { UsageError } from '@ganloom/core';
import { StoreError } from './store-error';
import { partsOf } from './store-name';
import type { ReadableStore } from './store';

/**
 * What a web server has below an address, for reading: a run or a saved generator that a page shows.
 *
 * @param url address of the folder, absolute, or relative to the page; in a worker it is relative to the
 *   worker's script, so give an absolute one there
 * @throws UsageError if it is no address; (when reading) StoreError if the server cannot be reached, or answers with an error other than
 *   404 and 410, which mean that nothing is there.
 */
export function urlStore(url: string | URL): ReadableStore {
  const folder = addressOfFolder(url);
  if (!folder.pathname.endsWith('/')) folder.pathname += '/';
  const addressOf = (name: string) => {
    const address = new URL(folder);
    address.pathname += partsOf(name).map(encodeURIComponent).join('/');
    return address;
  };

  return {
    describe: (name) => (name === undefined ? folder : addressOf(name)).href,
    async get(name) {
      const place = addressOf(name).href;
      const refuse = (reason: string, more: { isDenied?: boolean; cause?: unknown } = {}) =>
        new StoreError(reason, { place, doing: 'reading', ...more });
      try {
        const answer = await fetch(place);
        if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
        if (answer.status === 404 || answer.status === 410) return undefined;
        const isDenied = answer.status === 401 || answer.status === 403;
        throw refuse(`the server answers ${answer.status} ${answer.statusText}`.trim(), {
          isDenied,
        });
      } catch (error) {
        if (StoreError.isInstance(error)) throw error;
        throw refuse(error instanceof Error ? error.message : String(error), { cause: error });
      }
    },
    within: (prefix) => urlStore(addressOf(prefix)),
  };
}

function addressOfFolder(url: string | URL): URL {
  const page = typeof location === 'undefined' ? undefined : location.href;
  if (!URL.canParse(url, page)) {
    throw new UsageError(
      `urlStore: url must be an address, got "${String(url)}"; outside of a page give an absolute one, such as https://example.org/generator`,
    );
  }
  const folder = new URL(url, page);
  folder.hash = '';
  return folder;
}
