import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '@ganloom/core';
import type { Store } from '../store';
import { StoreError } from '../store-error';
import { partsOf } from '../store-name';
import {
  appendToFile,
  cutFile,
  mend,
  readWhole,
  type TornFiles,
  wholeSize,
} from './append-to-file';
import { diskError, isAbsent } from './disk-error';
import { leaseFile } from './lease-file';
import { oneAtATime } from './one-at-a-time';
import { isTemporary } from './temporary-files';
import { writeFileAtomic } from './write-file-atomic';

/** What the store and those within it share. */
interface Disk {
  readonly root: string;
  readonly torn: TornFiles;
  readonly alone: ReturnType<typeof oneAtATime>;
}

/**
 * A store in a folder of the disk: a name is a file, with folders for the parts before the last. The
 * folder is made with the first file. A lease is a file as well, which says who holds it.
 */
export function diskStore(path: string): Store {
  return storeAt({ root: path, torn: new Map(), alone: oneAtATime() }, path);
}

function storeAt(disk: Disk, folder: string): Store {
  const { root, torn, alone } = disk;
  const pathOf = (name: string) => {
    const parts = partsOf(name);
    if (parts.some(isTemporary)) {
      throw new UsageError(`a name on a disk must not end like "x.1-1.tmp", got "${name}"`);
    }
    return join(folder, ...parts);
  };
  const reading = <T>(path: string, read: Promise<T>): Promise<T> =>
    read.catch((error) => {
      throw diskError(error, path, 'reading');
    });
  const writing = (path: string, write: () => Promise<void>): Promise<void> =>
    alone(path, () =>
      write().catch((error) => {
        throw StoreError.isInstance(error) ? error : diskError(error, path, 'writing');
      }),
    );

  return {
    describe: (name) => (name === undefined ? folder : pathOf(name)),
    async get(name) {
      const path = pathOf(name);
      return reading(path, readWhole(torn, path));
    },
    async size(name) {
      const path = pathOf(name);
      return reading(path, wholeSize(torn, path));
    },
    async put(name, bytes) {
      const path = pathOf(name);
      await writing(path, async () => {
        await mend(torn, path);
        await writeFileAtomic(path, bytes);
      });
    },
    async append(name, piece, options) {
      const path = pathOf(name);
      await writing(path, () => appendToFile(torn, path, piece, options));
    },
    async truncate(name, size) {
      const path = pathOf(name);
      await writing(path, () => cutFile(torn, path, size));
    },
    async list(prefix) {
      const path = prefix === undefined ? folder : pathOf(prefix);
      try {
        const names = await readdir(path);
        return names.filter((name) => !isTemporary(name)).sort();
      } catch (error) {
        if (path === root && (error as NodeJS.ErrnoException).code === 'ENOTDIR') {
          throw new UsageError(
            `${path} must be a folder, but is a file or lies below one; choose another`,
          );
        }
        if (isAbsent(error)) return [];
        throw diskError(error, path, 'reading');
      }
    },
    async remove(name) {
      const path = pathOf(name);
      await writing(path, async () => {
        await rm(path, { recursive: true, force: true }).catch((error) => {
          if (!isAbsent(error)) throw error;
        });
        for (const one of torn.keys())
          if (one === path || one.startsWith(join(path, '/'))) torn.delete(one);
      });
    },
    async lease(name, options) {
      return leaseFile(pathOf(name), options);
    },
    within: (prefix) => storeAt(disk, pathOf(prefix)),
  };
}
