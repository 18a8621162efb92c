import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GanloomError, UsageError } from '@ganloom/core';
import { disk, onBadDisk } from '@ganloom/test-tools/faulty-disk';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkStore } from '../testing/check-store';
import type { StoreUnderTest } from '../testing/store-under-test';
import { diskStore } from './disk-store';
import { writeFileAtomic, writeJson } from './write-file-atomic';

vi.mock('node:fs/promises', async (importOriginal) => {
  const { faultyFiles } = await import('@ganloom/test-tools/faulty-disk');
  return faultyFiles(await importOriginal());
});

afterEach(() => {
  disk.armed = false;
});

async function storeUnderTest(): Promise<StoreUnderTest> {
  const outer = await mkdtemp(join(tmpdir(), 'ganloom-store-'));
  const path = join(outer, 'store');
  return {
    store: diskStore(path),
    reopen: () => diskStore(path),
    async onBadMedium({ at, forGood }, work) {
      const code = forGood ? 'EIO' : 'ENOSPC';
      const { error, calls } = await onBadDisk({ at, forGood, code }, work);
      return { error, calls: calls.length };
    },
    dispose: () => rm(outer, { recursive: true }),
  };
}

describe('every store', () => {
  checkStore(storeUnderTest);
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganloom-disk-'));
});
afterEach(() => rm(folder, { recursive: true }));

const bytes = new TextEncoder().encode('bytes');

describe('diskStore', () => {
  it('has a file for each name, and folders for the parts before', async () => {
    const store = diskStore(join(folder, 'new'));
    expect(store.describe('a/b.json')).toBe(join(folder, 'new', 'a', 'b.json'));
    await store.put('a/b.json', bytes);
    expect(await readdir(folder, { recursive: true })).toEqual(['new', 'new/a', 'new/a/b.json']);
    expect(await readFile(join(folder, 'new', 'a', 'b.json'), 'utf8')).toBe('bytes');
  });

  it('must be a folder', async () => {
    await writeFile(join(folder, 'file'), '');
    for (const path of [join(folder, 'file'), join(folder, 'file', 'below')]) {
      const listed = diskStore(path).list();
      await expect(listed).rejects.toBeInstanceOf(UsageError);
      await expect(listed).rejects.toThrow(
        `${path} must be a folder, but is a file or lies below one`,
      );
      await expect(diskStore(path).put('a', bytes)).rejects.toThrow(/ENOTDIR|EEXIST/);
    }
    expect(await diskStore(join(folder, 'nowhere')).list()).toEqual([]);
  });

  it('says what may not be written or read, by its path', async () => {
    const store = diskStore('/proc/ganloom');
    const put = store.put('a', bytes);
    await expect(put).rejects.toBeInstanceOf(GanloomError);
    await expect(put).rejects.toThrow(/ENOENT.*\/proc\/ganloom/);
    const path = join(folder, 'a');
    await writeFile(path, 'x');
    const { error } = await onBadDisk({ at: 1, code: 'EACCES' }, () => diskStore(folder).get('a'));
    expect(error).toMatchObject({
      message: `EACCES: the disk says no, readFile (reading ${path})`,
      reason: 'EACCES: the disk says no, readFile',
      isDenied: true,
    });
  });

  it('lists nothing half-written, clears it away when it is leased, and has no such names', async () => {
    const store = diskStore(folder);
    await mkdir(join(folder, 'a'));
    // No process has the first number; the second is this one's.
    const [dead, alive] = [`x.${2 ** 30}-0.tmp`, `x.${process.pid}-0.tmp`];
    for (const name of [dead, alive, 'x.tmp']) await writeFile(join(folder, 'a', name), 'half');
    expect(await store.list('a')).toEqual(['x.tmp']);
    await expect(store.put(`a/${dead}`, bytes)).rejects.toBeInstanceOf(UsageError);
    const lease = await store.lease('lock');
    expect((await readdir(join(folder, 'a'))).sort()).toEqual(['x.tmp', alive].sort());
    await lease.release();
    expect(await readdir(folder)).toEqual(['a']);
  });

  it('lets two write one name at a time, of which one is left', async () => {
    const texts = Array.from({ length: 20 }, (_, i) => String(i).repeat(50_000));
    const stores = [diskStore(folder), diskStore(folder)];
    await Promise.all(
      texts.map((text, i) => stores[i % 2]!.put('a', new TextEncoder().encode(text))),
    );
    expect(texts).toContain(await readFile(join(folder, 'a'), 'utf8'));
    expect(await readdir(folder)).toEqual(['a']);
  });

  it('goes on behind what a file holds, and begins anew where it was taken away', async () => {
    const store = diskStore(folder);
    const append = (text: string) => store.append('a', new TextEncoder().encode(text));
    const path = join(folder, 'a');
    await writeFile(path, 'old ');
    await onBadDisk({ at: 1, only: ['appendFile'] }, () => append('two'));
    expect(await readFile(path, 'utf8')).toBe('old ');
    await onBadDisk({ at: 1, forGood: true, only: ['appendFile', 'truncate'] }, () =>
      append('three'),
    );
    expect(await readFile(path, 'utf8')).toBe('old th');
    expect(new TextDecoder().decode(await store.get('a'))).toBe('old ');
    expect(await store.size('a')).toBe(4);
    await rm(path);
    await append('four');
    expect(await readFile(path, 'utf8')).toBe('four');
  });
});

describe('writeFileAtomic', () => {
  it('writes into new folders and replaces files, leaving nothing else', async () => {
    const path = join(folder, 'a', 'b.txt');
    await writeFileAtomic(path, 'one');
    await writeFileAtomic(path, 'two');
    expect(await readFile(path, 'utf8')).toBe('two');
    expect(await readdir(join(folder, 'a'))).toEqual(['b.txt']);
    await writeJson(path, { a: 1 });
    expect(await readFile(path, 'utf8')).toBe('{\n  "a": 1\n}\n');
  });

  it('leaves no temporary file when it fails', async () => {
    await writeFileAtomic(join(folder, 'taken', 'x'), '');
    await expect(writeFileAtomic(join(folder, 'taken'), 'one')).rejects.toThrow(
      /EISDIR|EEXIST|EPERM/,
    );
    expect(await readdir(folder)).toEqual(['taken']);
  });

  it('flushes the file before it gets its name, and the name after', async () => {
    const { calls } = await onBadDisk({}, () => writeFileAtomic(join(folder, 'a'), 'one'));
    expect(calls).toEqual([
      ...['mkdir', 'open', 'write', 'sync', 'close', 'rename'],
      ...['open', 'sync', 'close'],
    ]);
  });
});

describe.each([
  ['ENOSPC', false],
  ['EIO', true],
] as const)('%s of a disk that is broken for good: %s', (code, forGood) => {
  it('leaves an older file as it was until the new one has its name, and names it', async () => {
    const path = join(folder, 'summary.json');
    for (let at = 1, last = false; !last; at++) {
      await writeFileAtomic(path, 'old');
      const { error, calls } = await onBadDisk({ at, code, forGood }, () =>
        writeFileAtomic(path, 'new'),
      );
      last = at > calls.length;
      const isRenamed = calls.slice(0, at - 1).includes('rename');
      expect(await readFile(path, 'utf8')).toBe(isRenamed ? 'new' : 'old');
      expect(error === undefined).toBe(last);
      expect(error?.message ?? path).toContain(path);
      expect(GanloomError.isInstance(error)).toBe(!last);
      expect(forGood ? [path] : await readdir(folder)).toEqual([forGood ? path : 'summary.json']);
    }
  });
});
