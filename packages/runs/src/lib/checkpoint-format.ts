import { sha256 as sha256Here } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import type { Store } from '@ganloom/storage';
import type { Better } from '@ganloom/training';
import { runNames } from './run-names';

// What checkpoints are in a run's store, for those who write and those who read them.

export const FORMAT = 'ganloom-checkpoint';
export const VERSION = 1;
export const MANIFEST = 'manifest.json';
export const NAME = /^step-(\d{6,})$/;

/** Where training stood. */
export interface CheckpointPosition {
  readonly step: number;
  /** The stage of the last step, if the plan has stages. */
  readonly stage?: string | undefined;
  /** Seconds of training until then. */
  readonly seconds: number;
}

/** How good the generator was at a checkpoint's step, by one metric. */
export interface MetricValue {
  /** The name of a loss, a statistic, or a metric. */
  readonly metric: string;
  readonly better: Better;
  readonly value: number;
}

/** By the names of options, as in `config.json`. */
export type Settings = Readonly<Record<string, unknown>>;

export interface Manifest extends CheckpointPosition {
  readonly format: string;
  readonly version: number;
  readonly quality?: MetricValue;
  /** What the run was set to when the checkpoint was written. */
  readonly settings?: Settings;
  readonly weights: { readonly file: string; readonly bytes: number; readonly sha256: string };
}

export function nameOf(step: number): string {
  return `step-${String(step).padStart(6, '0')}`;
}

/** The store of a run's checkpoints. */
export function checkpointsOf(run: Store): Store {
  return run.within(runNames.checkpoints);
}

/** The steps of a run's checkpoints, whole or not, the newest first. */
export async function checkpointSteps(run: Store): Promise<number[]> {
  const names = await run.list(runNames.checkpoints);
  return names
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);
}

export const encode = (text: string) => new TextEncoder().encode(text);

/** Computed by another thread where there is one for it: pages on plain http have none. */
export async function sha256(data: Uint8Array<ArrayBuffer>): Promise<string> {
  const { subtle } = globalThis.crypto as { readonly subtle?: SubtleCrypto };
  const sum = subtle ? new Uint8Array(await subtle.digest('SHA-256', data)) : sha256Here(data);
  return bytesToHex(sum);
}
