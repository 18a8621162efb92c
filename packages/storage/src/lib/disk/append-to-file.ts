import { appendFile, readFile, stat, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AppendOptions } from '../store';
import { isAbsent } from './disk-error';
import { flushFolder } from './flush-folder';
import { makeFolder } from './make-folder';

/** Where files ended before a piece that may stand there in part, by their paths. */
export type TornFiles = Map<string, number>;

/**
 * Adds a piece to a file, whole or not at all: what the disk took of it before it said no is cut off at
 * once, or else before the next piece. Makes the folder if need be.
 */
export async function appendToFile(
  torn: TornFiles,
  path: string,
  piece: Uint8Array,
  { durable = false }: AppendOptions = {},
): Promise<void> {
  await mend(torn, path);
  const size = await sizeOnDisk(path);
  if (size === undefined) await makeFolder(dirname(path));
  torn.set(path, size ?? 0);
  try {
    await appendFile(path, piece, { flush: durable });
    if (durable && size === undefined) await flushFolder(dirname(path));
  } catch (error) {
    await mend(torn, path).catch(() => undefined);
    throw error;
  }
  torn.delete(path);
}

/** The bytes of a file without a piece that stands there in part; undefined if there is no file. */
export async function readWhole(
  torn: TornFiles,
  path: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const { buffer, byteOffset, length } = await readFile(path);
    return new Uint8Array(buffer, byteOffset, Math.min(length, torn.get(path) ?? length));
  } catch (error) {
    if (isAbsent(error) || (error as NodeJS.ErrnoException).code === 'EISDIR') return undefined;
    throw error;
  }
}

/** The length of what {@link readWhole} reads. */
export async function wholeSize(torn: TornFiles, path: string): Promise<number | undefined> {
  const size = await sizeOnDisk(path);
  return size === undefined ? undefined : Math.min(size, torn.get(path) ?? size);
}

/** Cuts a file off at a size, unless it is not longer. */
export async function cutFile(torn: TornFiles, path: string, size: number): Promise<void> {
  await mend(torn, path);
  if (((await sizeOnDisk(path)) ?? 0) > size) await truncate(path, size);
}

/** Cuts off what stands there in part. */
export async function mend(torn: TornFiles, path: string): Promise<void> {
  const whole = torn.get(path);
  if (whole === undefined) return;
  // A longer one is never made of it: it may have been taken away.
  if (((await sizeOnDisk(path)) ?? 0) > whole) await truncate(path, whole);
  torn.delete(path);
}

async function sizeOnDisk(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path);
    return found.isDirectory() ? undefined : found.size;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
