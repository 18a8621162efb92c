import { createHash } from 'node:crypto';
import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GanloomError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { decodeSafetensors, encodeSafetensors, type TensorValues } from '../lib/safetensors';
import type { NamedTensors } from '../lib/training-state';
import { makeFolder } from './make-folder';

const FORMAT = 'ganloom-checkpoint';
const VERSION = 1;
const MANIFEST = 'manifest.json';
const WEIGHTS = 'weights.safetensors';
const NAME = /^step-(\d{6,})$/;
const TEMPORARY = /^\.step-.*\.tmp$/;

export interface CheckpointPosition {
  readonly step: number;
  /** The stage of the last step, if the plan has stages. */
  readonly stage?: string | undefined;
  /** Seconds of training until then. */
  readonly seconds: number;
}

export interface Checkpoint extends CheckpointPosition {
  readonly path: string;
  /** New tensors; the caller disposes them. */
  tensors(): NamedTensors;
}

export interface WriteCheckpointOptions {
  /** The newest so many stay; default 2, so that one can be damaged. */
  readonly keep?: number;
}

/**
 * Writes `folder/step-000500/`: the tensors as `weights.safetensors`, and a `manifest.json` with the
 * position and SHA-256 sums. Whole or not at all: under a temporary name, flushed to the disk, then
 * renamed. Then removes what is older than the newest `keep`, and what is of later steps: a future
 * that an earlier attempt had.
 *
 * @throws GanloomError if a value is NaN or infinite, and leaves all checkpoints as they are.
 */
export async function writeCheckpoint(
  folder: string,
  position: CheckpointPosition,
  tensors: NamedTensors,
  { keep = 2 }: WriteCheckpointOptions = {},
): Promise<void> {
  const weights = encodeSafetensors(await readTensors(tensors));
  const { step, stage, seconds } = position;
  const content = {
    format: FORMAT,
    version: VERSION,
    step,
    stage,
    seconds,
    weights: { file: WEIGHTS, bytes: weights.length, sha256: sha256(weights) },
  };
  const manifest = { ...content, sha256: sha256(JSON.stringify(content)) };

  await makeFolder(folder);
  const name = `step-${String(step).padStart(6, '0')}`;
  const temporary = join(folder, `.${name}.${process.pid}.tmp`);
  await removeOthers(folder, (entry) => TEMPORARY.test(entry));
  try {
    await makeFolder(temporary);
    await writeFlushed(join(temporary, WEIGHTS), weights);
    await writeFlushed(join(temporary, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    await flushFolder(temporary);
    await rm(join(folder, name), { recursive: true, force: true });
    await rename(temporary, join(folder, name));
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
  await flushFolder(folder);
  const kept = new Set((await checkpointSteps(folder)).filter((s) => s <= step).slice(0, keep));
  await removeOthers(folder, (entry) => {
    const found = NAME.exec(entry);
    return found !== null && !kept.has(Number(found[1]));
  });
}

/**
 * The newest checkpoint that is whole. Damaged ones are named to `onDamaged` and passed over.
 *
 * @throws GanloomError if there is none.
 */
export async function newestCheckpoint(
  folder: string,
  onDamaged: (message: string) => void = (message) => console.error(`warning: ${message}`),
): Promise<Checkpoint> {
  const steps = await checkpointSteps(folder);
  for (const step of steps) {
    const path = join(folder, `step-${String(step).padStart(6, '0')}`);
    try {
      return await readCheckpoint(path, step);
    } catch (error) {
      onDamaged(`${(error as Error).message}; looking for an older one`);
    }
  }
  const found = steps.length > 0 ? `all ${steps.length} in it are damaged` : 'it has none';
  throw new GanloomError(
    `newestCheckpoint: ${folder} must hold a whole checkpoint, but ${found}; train anew`,
  );
}

async function readCheckpoint(path: string, step: number): Promise<Checkpoint> {
  const damaged = (reason: string) => new GanloomError(`the checkpoint ${path} ${reason}`);
  const read = (name: string) =>
    readFile(join(path, name)).catch((error: Error) => {
      throw damaged(`cannot be read: ${error.message}`);
    });
  const text = (await read(MANIFEST)).toString('utf8');
  let manifest: CheckpointPosition & {
    format: string;
    version: number;
    weights: { sha256: string };
    sha256: string;
  };
  try {
    manifest = JSON.parse(text);
  } catch {
    throw damaged(`is damaged: ${MANIFEST} is not JSON`);
  }
  const { sha256: sum, ...content } = manifest ?? {};
  if (content.format !== FORMAT || content.version !== VERSION) {
    const { format, version } = content;
    throw damaged(`must be ${FORMAT} ${VERSION}, but is ${format} ${version}`);
  }
  if (sha256(JSON.stringify(content)) !== sum || content.step !== step) {
    throw damaged(`is damaged: the checksum of ${MANIFEST} is wrong`);
  }
  const weights = await read(WEIGHTS);
  if (sha256(weights) !== content.weights.sha256) {
    throw damaged(`is damaged: the checksum of ${WEIGHTS} is wrong`);
  }
  const values = decodeSafetensors(weights);
  return {
    path,
    step,
    stage: content.stage,
    seconds: content.seconds,
    tensors: () =>
      Object.fromEntries(
        Object.entries(values).map(([name, one]) => [
          name,
          tf.tensor(one.values, [...one.shape], one.dtype),
        ]),
      ),
  };
}

async function readTensors(tensors: NamedTensors): Promise<Record<string, TensorValues>> {
  const all: Record<string, TensorValues> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    // Copied, because backends may give a view of memory that the next step writes into.
    const values = (await tensor.data()).slice();
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

/** The newest first. */
async function checkpointSteps(folder: string): Promise<number[]> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return entries
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);
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

function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}
