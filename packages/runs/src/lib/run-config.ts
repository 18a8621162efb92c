import { GanloomError, type ImageShape, UsageError } from '@ganloom/core';
import { getText, putJson, reasonOf, type Store } from '@ganloom/storage';
import { runNames } from './run-names';

/** What `config.json` of a run says: all that the run depends on. */
export interface RunConfig {
  /** The program that trained. */
  readonly app: string;
  /** Every setting, given or default, by its name. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly data: {
    readonly name: string;
    readonly size: number;
    /** Where the examples are pictures. */
    readonly image?: ImageShape | undefined;
    readonly classNames?: readonly string[] | undefined;
    /** What `dataFingerprint` of `@ganloom/datasets` says of the examples. */
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
  /** Why there are fewer than there could be. */
  readonly threadsNote?: string;
  readonly versions?: Readonly<Record<string, string>>;
}

/**
 * Writes `config.json`, which comes before training: a run without it could not be resumed.
 *
 * @throws GanloomError if the store says no.
 */
export async function writeRunConfig(run: Store, config: RunConfig): Promise<void> {
  try {
    await putJson(run, runNames.config, config);
  } catch (error) {
    throw new GanloomError(
      `${run.describe(runNames.config)} must be written before training begins, but: ` +
        `${reasonOf(error)}; make room on the disk, or choose another place`,
    );
  }
}

/**
 * The `config.json` of a run.
 *
 * @throws UsageError if the store holds no run of the program, or `config.json` is not whole.
 */
export async function readRunConfig(run: Store, app: string): Promise<RunConfig> {
  const found = await readConfig(run, app);
  const { data } = found;
  if (Number.isSafeInteger(data?.size) && areNames(data!.classNames ?? [])) {
    return found as RunConfig;
  }
  throw new UsageError(
    `${run.describe(runNames.config)} must say the "size" of "data" and, if there are classes, their ` +
      '"classNames", as train writes them; put it back, or train anew',
  );
}

/** The settings alone, which also programs keep that train several runs. @throws as {@link readRunConfig}. */
export async function readRunSettings(run: Store, app: string): Promise<RunConfig['settings']> {
  return (await readConfig(run, app)).settings;
}

type FoundConfig = Pick<RunConfig, 'app' | 'settings'> & {
  readonly data?: Partial<RunConfig['data']>;
};

async function readConfig(run: Store, app: string): Promise<FoundConfig> {
  let found: FoundConfig;
  try {
    const text = await getText(run, runNames.config);
    if (text === undefined) throw new Error('it is not there');
    found = JSON.parse(text);
  } catch (error) {
    throw new UsageError(
      `${run.describe()} must hold a run, but its ${runNames.config} cannot be read: ` +
        `${(error as Error).message}; choose one that train has made, or train anew`,
    );
  }
  if (found?.app !== app) {
    throw new UsageError(`${run.describe()} must be a run of ${app}, but is one of ${found?.app}`);
  }
  if (typeof found.settings !== 'object' || found.settings === null) {
    throw new UsageError(
      `${run.describe(runNames.config)} must say "settings", as train writes them; put it back, or train anew`,
    );
  }
  return found;
}

function areNames(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
