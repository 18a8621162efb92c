import { open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GanloomError } from '@ganloom/core';
import { encodeSafetensors, type TensorValues } from '@ganloom/storage';
import type { NamedTensors } from '@ganloom/training';
import { makeFolder } from '@ganloom/storage/node';
import {
  type CheckpointPosition,
  checkpointSteps,
  encode,
  FORMAT,
  MANIFEST,
  NAME,
  nameOf,
  type Quality,
  REPLACED,
  type Settings,
  sha256,
  VERSION,
  WEIGHTS,
} from './checkpoint-format';
import { checkpointsByQuality, UnusableCheckpoint } from './read-checkpoint';

const TEMPORARY = /^\.step-.*\.tmp$/;

export interface WriteCheckpointOptions {
  /** The newest so many stay; default 2, so that one can be damaged. */
  readonly keep?: number;
  /** The best by this metric stays, too; `value` is that of this step, if it is known. */
  readonly best?: Omit<Quality, 'value'> & { readonly value?: number | undefined };
  /** Those of the run, to be kept in the manifest. */
  readonly settings?: Settings;
}

/** A checkpoint on its way to the disk. */
export interface CheckpointInWriting {
  /** When it is there; rejects as {@link writeCheckpoint} does when the disk says no. */
  readonly written: Promise<void>;
}

/**
 * Writes `folder/step-000500/`: the tensors as `weights.safetensors`, and a `manifest.json` with the
 * position and SHA-256 sums. Whole or not at all: under a temporary name, flushed to the disk, then
 * renamed. Then removes what is older than the newest `keep` unless it is the best, and what is of
 * later steps: a future that an earlier attempt had.
 *
 * @throws GanloomError if a value is NaN or infinite, or the disk says no; leaves all checkpoints as
 *   they are unless the new one is in its place.
 */
export async function writeCheckpoint(
  folder: string,
  position: CheckpointPosition,
  tensors: NamedTensors,
  options: WriteCheckpointOptions = {},
): Promise<void> {
  const { written } = await beginCheckpoint(folder, position, tensors, options);
  await written;
}

/**
 * {@link writeCheckpoint} for who goes on meanwhile: resolves when all values are copied, so that the
 * tensors may change. One at a time.
 *
 * @throws GanloomError if a value is NaN or infinite.
 */
export async function beginCheckpoint(
  folder: string,
  position: CheckpointPosition,
  tensors: NamedTensors,
  options: WriteCheckpointOptions = {},
): Promise<CheckpointInWriting> {
  const weights = encodeSafetensors(await readTensors(tensors));
  return { written: writeWeights(folder, position, weights, options) };
}

async function writeWeights(
  folder: string,
  position: CheckpointPosition,
  weights: Uint8Array<ArrayBuffer>,
  { keep = 2, best, settings }: WriteCheckpointOptions,
): Promise<void> {
  const { step, stage, seconds } = position;
  const content = {
    format: FORMAT,
    version: VERSION,
    step,
    stage,
    seconds,
    ...(best?.value !== undefined && Number.isFinite(best.value) && { quality: best }),
    ...(settings && { settings }),
    weights: { file: WEIGHTS, bytes: weights.length, sha256: await sha256(weights) },
  };
  const manifest = { ...content, sha256: await sha256(encode(JSON.stringify(content))) };

  const name = nameOf(step);
  const temporary = join(folder, `.${name}.${process.pid}.tmp`);
  try {
    await makeFolder(folder);
    await removeOthers(folder, (entry) => TEMPORARY.test(entry));
    await makeFolder(temporary);
    await writeFlushed(join(temporary, WEIGHTS), weights);
    await writeFlushed(join(temporary, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    await flushFolder(temporary);
    await moveInto(folder, name, temporary);
    await flushFolder(folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    const reason = (error as Error).message;
    throw new GanloomError(
      `writeCheckpoint: ${join(folder, name)} could not be written: ${reason}; the checkpoints before stay`,
    );
  }
  try {
    await removeOld(folder, step, keep, best);
  } catch (error) {
    const reason = (error as Error).message;
    throw new GanloomError(
      `writeCheckpoint: old checkpoints in ${folder} could not be removed: ${reason}; the new one is whole`,
    );
  }
}

/** Gives a new checkpoint its name. If there was one of that name, one of the two is there at any time. */
async function moveInto(folder: string, name: string, temporary: string): Promise<void> {
  const path = join(folder, name);
  const aside = join(folder, `.${name}.replaced`);
  const exists = (await readdir(folder)).includes(name);
  if (exists) {
    await rm(aside, { recursive: true, force: true });
    await rename(path, aside);
  }
  try {
    await rename(temporary, path);
  } catch (error) {
    if (exists) await rename(aside, path).catch(() => undefined);
    throw error;
  }
}

async function removeOld(
  folder: string,
  step: number,
  keep: number,
  best: WriteCheckpointOptions['best'],
): Promise<void> {
  const past = (await checkpointSteps(folder)).filter((one) => one <= step);
  const kept = new Set(past.slice(0, keep));
  if (best) {
    const [first] = await checkpointsByQuality(folder, past, best.metric, (step, error) => {
      // It may be the best, and readable the next time.
      if (!(error instanceof UnusableCheckpoint) || !error.isDamaged) kept.add(step);
    });
    if (first) kept.add(first.step);
  }
  await removeOthers(folder, (entry) => {
    const found = NAME.exec(entry);
    return found ? !kept.has(Number(found[1])) : REPLACED.test(entry);
  });
}

async function readTensors(tensors: NamedTensors): Promise<Record<string, TensorValues>> {
  const all: Record<string, TensorValues> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    // May be a view of memory that the next step writes into; the file is a copy.
    const values = await tensor.data();
    const bad = values.find((value) => !Number.isFinite(value));
    if (bad !== undefined) {
      throw new GanloomError(
        `writeCheckpoint: "${name}" must be finite, got ${bad}; the checkpoints before stay`,
      );
    }
    all[name] = { dtype: tensor.dtype as TensorValues['dtype'], shape: tensor.shape, values };
  }
  return all;
}

async function removeOthers(folder: string, isOld: (name: string) => boolean): Promise<void> {
  for (const name of await readdir(folder)) {
    if (isOld(name)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function writeFlushed(path: string, data: Uint8Array | string): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes new names in a folder outlive a power cut, where the system can. */
async function flushFolder(path: string): Promise<void> {
  // Windows opens no folders, and needs none of this.
  const folder = await open(path, 'r').catch(() => undefined);
  try {
    await folder?.sync();
  } finally {
    await folder?.close();
  }
}
