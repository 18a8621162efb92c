import { stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { UsageError } from '@ganloom/core';
import { scanFolder } from '@ganloom/datasets/node';
import { OUTPUTS } from './write-bands';

const INPUTS = ['.png', '.jpg', '.jpeg', '.webp', '.tif', '.tiff', '.gif', '.avif'];

/** A picture to enlarge and where to. */
export interface UpscaleJob {
  readonly from: string;
  readonly to: string;
}

/**
 * What to read and to write: a file for a file, and for a folder a PNG for each picture in it and
 * below, by the same names.
 *
 * @throws UsageError if there is nothing to read, a result has no place, or one would overwrite an
 *   input, another result, or, without `force`, what is there.
 */
export async function upscaleJobs(
  input: string,
  out: string,
  force: boolean,
): Promise<UpscaleJob[]> {
  const found = await stat(input).catch((error: Error) => {
    throw new UsageError(`cannot read ${input}: ${error.message}`);
  });
  const jobs = found.isDirectory() ? await folderJobs(input, out) : [fileJob(input, out)];

  const inputs = new Set(await Promise.all(jobs.map(({ from }) => identity(from))));
  for (const { to } of jobs) {
    const there = await identity(to);
    if (there === undefined) continue;
    if (inputs.has(there)) {
      throw new UsageError(`--out must not overwrite the input, but ${to} is one; choose another`);
    }
    if (!force) {
      throw new UsageError(
        `--out ${to} exists already; choose another, or replace it with --force`,
      );
    }
  }
  return jobs;
}

function fileJob(from: string, to: string): UpscaleJob {
  if (!Object.hasOwn(OUTPUTS, extname(to).toLowerCase())) {
    throw new UsageError(
      `--out must end in one of ${Object.keys(OUTPUTS).join(', ')} when a file is enlarged, got "${to}"`,
    );
  }
  return { from, to };
}

async function folderJobs(input: string, out: string): Promise<UpscaleJob[]> {
  const there = await stat(out).catch(() => undefined);
  if (extname(out) in OUTPUTS || there?.isFile()) {
    throw new UsageError(`--out must name a folder when a folder is enlarged, got "${out}"`);
  }
  const files = await scanFolder(input, INPUTS);
  if (files.length === 0) {
    throw new UsageError(`${input} must hold pictures (${INPUTS.join(', ')}), got none`);
  }
  const sources = new Map<string, string>();
  return files.map((file) => {
    const to = join(out, `${file.slice(0, -extname(file).length)}.png`);
    const other = sources.get(to);
    if (other) throw new UsageError(`${other} and ${file} would both become ${to}; rename one`);
    sources.set(to, file);
    return { from: join(input, file), to };
  });
}

/** What a path leads to, whatever it is called; undefined if to nothing. */
async function identity(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found && `${found.dev}:${found.ino}`;
}
