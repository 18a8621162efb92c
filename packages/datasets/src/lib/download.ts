import { ganloomError } from '@ganloom/core';
import type { Store } from '@ganloom/storage';
import { sha256 as sha256Of } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { gunzipIfNeeded } from './gunzip';

export interface DownloadOptions {
  /** Where the files are, ending in a slash. */
  readonly url: string;
  /** Where they are kept. Those that are there already are only checked. */
  readonly store: Store;
  /** SHA-256 of each file by name, of what is in it where it is packed by gzip. */
  readonly sha256: Readonly<Record<string, string>>;
  /** Is told of each file before it is fetched. */
  readonly onFetch?: (url: string) => void;
}

/**
 * Makes sure that a store has certain files with certain contents, fetching those that it lacks. A
 * file is there whole and right, or not at all.
 *
 * @throws GanloomError if a file cannot be fetched, or is another than expected.
 */
export async function download({ url, store, sha256, onFetch }: DownloadOptions): Promise<void> {
  for (const [name, expected] of Object.entries(sha256)) {
    const kept = await store.get(name).catch(() => undefined);
    if (kept && (await digest(kept, name).catch(() => '')) === expected) continue;
    const from = `${url}${name}`;
    onFetch?.(from);
    const bytes = await fetchBytes(from);
    const received = await digest(bytes, from);
    if (received !== expected) {
      const remedy = 'try again later, or get the file elsewhere';
      throw ganloomError('download', `${from} must have SHA-256 ${expected}`, received, remedy);
    }
    await store.put(name, bytes);
  }
}

async function fetchBytes(url: string): Promise<Uint8Array> {
  const remedy = 'check the connection, or get the file elsewhere and name its folder';
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? cause.message : message;
    throw ganloomError('download', `${url} must be reachable`, reason, remedy);
  }
  if (!response.ok) {
    throw ganloomError('download', `${url} must answer with status 200`, response.status, remedy);
  }
  return new Uint8Array(await response.arrayBuffer());
}

async function digest(bytes: Uint8Array, where: string): Promise<string> {
  return bytesToHex(sha256Of(await gunzipIfNeeded(bytes, where)));
}
