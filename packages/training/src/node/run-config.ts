import { readFile } from 'node:fs/promises';
import { type ImageShape, UsageError } from '@ganloom/core';
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
    readonly image: ImageShape;
    readonly classNames?: readonly string[] | undefined;
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

/** @throws UsageError if the folder holds no run of the program. */
export async function readRunConfig({ path, config }: RunFolder, app: string): Promise<RunConfig> {
  let found: RunConfig;
  try {
    found = JSON.parse(await readFile(config, 'utf8'));
  } catch (error) {
    throw new UsageError(
      `${path} must be the folder of a run, but its config.json cannot be read: ${(error as Error).message}`,
    );
  }
  if (found?.app !== app) {
    throw new UsageError(`${path} must be a run of ${app}, but is one of ${found?.app}`);
  }
  return found;
}
