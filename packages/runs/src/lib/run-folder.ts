import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GanloomError, UsageError } from '@ganloom/core';
import { makeFolder } from '@ganloom/storage/node';

const LOCK = 'run.lock';

/** Where the parts of a run are. */
export interface RunFolder {
  readonly path: string;
  readonly config: string;
  /** There while a process trains, and after a kill; see `lockRunFolder`. */
  readonly lock: string;
  readonly metrics: string;
  readonly samples: string;
  readonly checkpoints: string;
  readonly generator: string;
  /** That of the best checkpoint, where one is kept. */
  readonly bestGenerator: string;
  readonly summary: string;
  readonly report: string;
}

/** The names of a run's parts in a folder; touches no file. */
export function runFolder(path: string): RunFolder {
  return {
    path,
    config: join(path, 'config.json'),
    lock: join(path, LOCK),
    metrics: join(path, 'metrics.jsonl'),
    samples: join(path, 'samples'),
    checkpoints: join(path, 'checkpoints'),
    generator: join(path, 'generator'),
    bestGenerator: join(path, 'generator-best'),
    summary: join(path, 'summary.json'),
    report: join(path, 'report.html'),
  };
}

/**
 * Makes the folder of a new run; `lockRunFolder` tries whether it can be written.
 *
 * @throws UsageError if something is there already; GanloomError if it cannot be made.
 */
export async function createRunFolder(path: string): Promise<RunFolder> {
  const entries = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    if (error.code === 'ENOTDIR') throw used(path, 'is a file or lies below one');
    throw notWritable(path, error);
  });
  // A kill may leave a lock and nothing else.
  if (entries.some((name) => !name.startsWith(LOCK))) throw used(path, 'is not empty');
  return make(path);
}

/** The folder of a run that is to go on. @throws GanloomError if it cannot be made. */
export async function reopenRunFolder(path: string): Promise<RunFolder> {
  return make(path);
}

async function make(path: string): Promise<RunFolder> {
  await makeFolder(path).catch((error) => {
    throw notWritable(path, error);
  });
  return runFolder(path);
}

function used(path: string, how: string): UsageError {
  return new UsageError(
    `--out must name a new or empty folder, but ${path} ${how}; choose another, or go on with the run in it by --resume`,
  );
}

function notWritable(path: string, { message }: Error): GanloomError {
  return new GanloomError(`--out must be writable, but ${path} is not: ${message}`);
}
