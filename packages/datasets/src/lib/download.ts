import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ganloomError } from '@ganloom/core';
import { gunzipIfNeeded } from './gunzip';

export interface DownloadOptions {
  /** Where the files are, ending in a slash. */
  readonly url: string;
  /** Where they are kept. Those that are there already are only checked. */
  readonly folder: string;
  /** SHA-256 of each file by name, of what is in it where it is packed by gzip. */
  readonly sha256: Readonly<Record<string, string>>;
  /** Is told of each file before it is fetched. */
  readonly onFetch?: (url: string) => void;
}

/**
 * Makes sure that a folder has certain files with certain contents, fetching those that it lacks. A
 * file is there whole and right, or not at all.
 *
 * @throws GanloomError if a file cannot be fetched, or is another than expected.
 */
export async function download({ url, folder, sha256, onFetch }: DownloadOptions): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, expected] of Object.entries(sha256)) {
    const path = join(folder, name);
    const kept = await readFile(path).catch(() => undefined);
    if (kept && (await digest(kept, name).catch(() => '')) === expected) continue;
    const from = `${url}${name}`;
    onFetch?.(from);
    const bytes = await fetchBytes(from);
    const received = await digest(bytes, from);
    if (received !== expected) {
      const remedy = 'try again later, or get the file elsewhere';
      throw ganloomError('download', `${from} must have SHA-256 ${expected}`, received, remedy);
    }
    const temporary = `${path}.${process.pid}.tmp`;
    try {
      await writeFile(temporary, bytes);
      await rename(temporary, path);
    } finally {
      await rm(temporary, { force: true });
    }
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
  return createHash('sha256')
    .update(await gunzipIfNeeded(bytes, where))
    .digest('hex');
}
