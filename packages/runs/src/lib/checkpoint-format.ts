import { webcrypto } from 'node:crypto';
import type { Better } from '@ganloom/training';
import { readFolder } from '@ganloom/storage/node';

// What checkpoints are on the disk, for those who write and those who read them.

export const FORMAT = 'ganloom-checkpoint';
export const VERSION = 1;
export const MANIFEST = 'manifest.json';
export const WEIGHTS = 'weights.safetensors';
export const NAME = /^step-(\d{6,})$/;
/** What a checkpoint of the same step was before, until the new one is in its place. */
export const REPLACED = /^\.step-(\d{6,})\.replaced$/;

export interface CheckpointPosition {
  readonly step: number;
  /** The stage of the last step, if the plan has stages. */
  readonly stage?: string | undefined;
  /** Seconds of training until then. */
  readonly seconds: number;
}

/** How good the generator was at a checkpoint's step, by one metric. */
export interface Quality {
  /** The name of a loss, a statistic, or a measure. */
  readonly metric: string;
  readonly better: Better;
  readonly value: number;
}

/** By the names of options, as in `config.json`. */
export type Settings = Readonly<Record<string, unknown>>;

export interface Manifest extends CheckpointPosition {
  readonly format: string;
  readonly version: number;
  readonly quality?: Quality;
  /** What the run was set to when the checkpoint was written. */
  readonly settings?: Settings;
  readonly weights: { readonly sha256: string };
}

export function nameOf(step: number): string {
  return `step-${String(step).padStart(6, '0')}`;
}

/** The steps of the checkpoints in a folder, whole or not, the newest first. */
export async function checkpointSteps(folder: string): Promise<number[]> {
  return (await readFolder(folder))
    .flatMap((name) => (NAME.exec(name) ?? REPLACED.exec(name))?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a)
    .filter((step, i, all) => step !== all[i - 1]);
}

export const encode = (text: string) => new TextEncoder().encode(text);

/** Computed by another thread. */
export async function sha256(data: Uint8Array<ArrayBuffer>): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', data)).toString('hex');
}
