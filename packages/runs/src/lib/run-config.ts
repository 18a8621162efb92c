import { readFile } from 'node:fs/promises';
import { GanloomError, type ImageShape, UsageError } from '@ganloom/core';
import { writeJson } from '@ganloom/storage/node';
import type { RunFolder } from './run-folder';

/** What `config.json` of a run says: all that the run depends on. */
export interface RunConfig {
  /** The program that trained. */
  readonly app: string;
  /** Every setting, given or default, by the names that commander gives to options. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly data: {
    readonly name: string;
    readonly size: number;
    /** Where the examples are pictures. */
    readonly image?: ImageShape;
    readonly classNames?: readonly string[] | undefined;
    /** What {@link fingerprintOf} says of the examples. */
    readonly fingerprint?: string;
  };
  readonly backend: RunBackend;
  readonly versions: Readonly<Record<string, string>>;
}

/** What a run computes with; `useBackend` of `@ganloom/backends` returns such a report. */
export interface RunBackend {
  readonly name: string;
  readonly device: string;
  readonly threads?: number;
  readonly versions?: Readonly<Record<string, string>>;
}

/**
 * Writes `config.json`, which comes before training: a run without it could not be resumed.
 *
 * @throws GanloomError if the disk says no.
 */
export async function writeRunConfig(
  { config: path }: RunFolder,
  config: RunConfig,
): Promise<void> {
  try {
    await writeJson(path, config);
  } catch (error) {
    throw new GanloomError(
      `${path} must be written before training begins, but: ${(error as Error).message}; ` +
        'make room on the disk, or choose another folder by --out',
    );
  }
}

/** @throws UsageError if the folder holds no run of the program. */
export async function readRunConfig({ path, config }: RunFolder, app: string): Promise<RunConfig> {
  let found: RunConfig;
  try {
    found = JSON.parse(await readFile(config, 'utf8'));
  } catch (error) {
    throw new UsageError(
      `${path} must be the folder of a run, but its config.json cannot be read: ${(error as Error).message}; ` +
        'choose one that train has made, or train anew',
    );
  }
  if (found?.app !== app) {
    throw new UsageError(`${path} must be a run of ${app}, but is one of ${found?.app}`);
  }
  return found;
}
