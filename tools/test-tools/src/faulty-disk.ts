type Files = typeof import('node:fs/promises');
type Call = (...args: never[]) => Promise<unknown>;

/** A disk whose `at`-th call fails, and all later ones if it is broken for good. */
const wellDisk = () => ({
  armed: false,
  calls: [] as string[],
  at: Infinity,
  forGood: false,
  code: 'ENOSPC',
  /** The calls that are counted, and may fail; default: all. */
  only: undefined as readonly string[] | undefined,
});
export const disk = wellDisk();

/** Does something on a disk whose `at`-th call fails; returns the error, and what was called. */
export async function onBadDisk(
  settings: Partial<Omit<typeof disk, 'armed' | 'calls'>>,
  work: () => Promise<unknown>,
) {
  Object.assign(disk, wellDisk(), settings, { armed: true });
  const error = await work().then(
    () => undefined,
    (reason: Error) => reason,
  );
  disk.armed = false;
  return { error, calls: disk.calls };
}

/** `node:fs/promises` on the {@link disk}; what is not called by its name here never fails. */
export function faultyFiles(real: Files): Files {
  const calls = (['mkdir', 'readdir', 'readFile', 'rename', 'rm', 'stat', 'truncate'] as const).map(
    (name) => [name, faulty(name, real[name] as Call)],
  );
  const open = async (path: string, flags: string) => {
    const file = await real.open(path, flags);
    return {
      writeFile: faulty(
        'write',
        file.writeFile.bind(file) as Call,
        ((data: Uint8Array | string) => file.writeFile(halfOf(data))) as Call,
      ),
      // The power is not cut here, and waiting for the disk is slow.
      sync: faulty('sync', async () => undefined),
      // Closed all the same, as by the system.
      close: faulty('close', file.close.bind(file), file.close.bind(file)),
    };
  };
  return {
    ...real,
    ...Object.fromEntries(calls),
    open: faulty('open', open as Call),
    appendFile: faulty(
      'appendFile',
      ((path: string, data: Uint8Array) => real.appendFile(path, data)) as Call,
      ((path: string, data: Uint8Array) => real.appendFile(path, halfOf(data))) as Call,
    ),
  };
}

function faulty(name: string, call: Call, before?: Call): Call {
  return async (...args) => {
    if (!fails(name)) return call(...args);
    await before?.(...args);
    // Without a path, as the system's own when a file is open.
    throw Object.assign(new Error(`${disk.code}: the disk says no, ${name}`), {
      code: disk.code,
      syscall: name,
    });
  };
}

function fails(name: string): boolean {
  if (!disk.armed || !(disk.only?.includes(name) ?? true)) return false;
  disk.calls.push(name);
  const n = disk.calls.length;
  return disk.forGood ? n >= disk.at : n === disk.at;
}

/** What a disk took before it was full. */
function halfOf<T extends Uint8Array | string>(data: T): T {
  return data.slice(0, data.length / 2) as T;
}
