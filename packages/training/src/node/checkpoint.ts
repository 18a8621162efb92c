import { webcrypto } from 'node:crypto';
import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GanloomError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { decodeSafetensors, encodeSafetensors, type TensorValues } from '../lib/safetensors';
import { type Better, isBetter } from '../lib/stop-rule';
import type { NamedTensors } from '../lib/training-state';
import { makeFolder } from './make-folder';

const FORMAT = 'ganloom-checkpoint';
const VERSION = 1;
const MANIFEST = 'manifest.json';
const WEIGHTS = 'weights.safetensors';
const NAME = /^step-(\d{6,})$/;
const TEMPORARY = /^\.step-.*\.tmp$/;
/** What a checkpoint of the same step was before, until the new one is in its place. */
const REPLACED = /^\.step-(\d{6,})\.replaced$/;

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

export interface Checkpoint extends CheckpointPosition {
  readonly path: string;
  /** If the metric that the best checkpoint is chosen by was known at the step. */
  readonly quality?: Quality;
  /** New tensors; the caller disposes them. */
  tensors(): NamedTensors;
}

export interface WriteCheckpointOptions {
  /** The newest so many stay; default 2, so that one can be damaged. */
  readonly keep?: number;
  /** The best by this metric stays, too; `value` is that of this step, if it is known. */
  readonly best?: Omit<Quality, 'value'> & { readonly value?: number | undefined };
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
  { keep = 2, best }: WriteCheckpointOptions,
): Promise<void> {
  const { step, stage, seconds } = position;
  const content = {
    format: FORMAT,
    version: VERSION,
    step,
    stage,
    seconds,
    ...(best?.value !== undefined && Number.isFinite(best.value) && { quality: best }),
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
    const [first] = await checkpointsByQuality(folder, past, best.metric);
    if (first) kept.add(first.step);
  }
  await removeOthers(folder, (entry) => {
    const found = NAME.exec(entry);
    return found ? !kept.has(Number(found[1])) : REPLACED.test(entry);
  });
}

/** Those checkpoints that know the metric, the best first; of equal ones the earlier. */
async function checkpointsByQuality(
  folder: string,
  steps: readonly number[],
  metric?: string,
): Promise<{ readonly step: number; readonly quality: Quality }[]> {
  const found: { step: number; quality: Quality }[] = [];
  for (const step of steps) {
    // What cannot be used is none.
    const manifest = await readManifest(join(folder, nameOf(step)), step).catch(() => undefined);
    const quality = manifest?.quality;
    if (quality && (metric ?? found[0]?.quality.metric ?? quality.metric) === quality.metric) {
      found.push({ step, quality });
    }
  }
  const before = (a: (typeof found)[0], b: (typeof found)[0]) =>
    isBetter(a.quality.value, b.quality.value, a.quality.better);
  return found.sort((a, b) => (before(a, b) ? -1 : before(b, a) ? 1 : a.step - b.step));
}

/**
 * The newest checkpoint that is whole. Damaged ones, and those that the disk cannot read, are named to
 * `onDamaged` and passed over.
 *
 * @throws GanloomError if there is none, or one that is passed over for no fault of its own: it is of
 *   another version, or may not be read.
 */
export async function newestCheckpoint(
  folder: string,
  onDamaged: (message: string) => void = (message) => console.error(`warning: ${message}`),
): Promise<Checkpoint> {
  return firstWhole('newestCheckpoint', folder, await checkpointSteps(folder), onDamaged);
}

/**
 * The checkpoint with the best value of the metric that `checkpointSink` was told of as `best`.
 * Otherwise as {@link newestCheckpoint}.
 */
export async function bestCheckpoint(
  folder: string,
  onDamaged: (message: string) => void = (message) => console.error(`warning: ${message}`),
): Promise<Checkpoint> {
  const found = await checkpointsByQuality(folder, await checkpointSteps(folder));
  const steps = found.map(({ step }) => step);
  return firstWhole('bestCheckpoint', folder, steps, onDamaged);
}

/** The best value of a metric that a checkpoint was written with, if there is one. */
export async function bestQuality(folder: string, metric: string): Promise<number | undefined> {
  const [best] = await checkpointsByQuality(folder, await checkpointSteps(folder), metric);
  return best?.quality.value;
}

/** Whether a folder has checkpoints, whole or not. */
export async function hasCheckpoints(folder: string): Promise<boolean> {
  return (await checkpointSteps(folder)).length > 0;
}

async function firstWhole(
  where: string,
  folder: string,
  steps: readonly number[],
  onDamaged: (message: string) => void,
): Promise<Checkpoint> {
  const entries = steps.length > 0 ? await readdir(folder) : [];
  const reasons: string[] = [];
  for (const step of steps) {
    const name = nameOf(step);
    for (const one of [name, `.${name}.replaced`].filter((entry) => entries.includes(entry))) {
      try {
        return await readCheckpoint(join(folder, one), step);
      } catch (error) {
        if (!(error instanceof UnusableCheckpoint)) throw error;
        onDamaged(`${error.message}; looking for another one`);
        reasons.push(error.reason);
      }
    }
  }
  const found =
    steps.length === 0
      ? 'it has none; train anew'
      : `none of the ${steps.length} in it can be used: ${[...new Set(reasons)].join('; ')}`;
  throw new GanloomError(`${where}: ${folder} must hold a whole checkpoint, but ${found}`);
}

interface Manifest extends CheckpointPosition {
  readonly format: string;
  readonly version: number;
  readonly quality?: Quality;
  readonly weights: { readonly sha256: string };
}

/** What is wrong with a checkpoint that another may take the place of. */
class UnusableCheckpoint extends GanloomError {
  constructor(
    path: string,
    readonly reason: string,
  ) {
    super(`the checkpoint ${path} ${reason}`);
  }
}

async function readManifest(path: string, step: number): Promise<Manifest> {
  const text = (await readPart(path, MANIFEST)).toString('utf8');
  let manifest: Manifest & { sha256: string };
  try {
    manifest = JSON.parse(text);
  } catch {
    throw new UnusableCheckpoint(path, `is damaged: ${MANIFEST} is not JSON`);
  }
  const { sha256: sum, ...content } = manifest ?? {};
  // The first thing to look at in any version.
  if ((await sha256(encode(JSON.stringify(content)))) !== sum) {
    throw new UnusableCheckpoint(path, `is damaged: the checksum of ${MANIFEST} is wrong`);
  }
  if (content.format !== FORMAT || content.version !== VERSION) {
    throw new GanloomError(
      `the checkpoint ${path} must be ${FORMAT} ${VERSION}, but is ${content.format} ` +
        `${content.version}; use the version of ganloom that wrote it`,
    );
  }
  if (content.step !== step) {
    throw new UnusableCheckpoint(path, `is damaged: it is of step ${content.step}`);
  }
  return content;
}

async function readCheckpoint(path: string, step: number): Promise<Checkpoint> {
  const { stage, seconds, quality, weights: sums } = await readManifest(path, step);
  const weights = await readPart(path, WEIGHTS);
  if ((await sha256(weights)) !== sums.sha256) {
    throw new UnusableCheckpoint(path, `is damaged: the checksum of ${WEIGHTS} is wrong`);
  }
  const values = decodeSafetensors(weights);
  return {
    path,
    step,
    stage,
    seconds,
    ...(quality && { quality }),
    tensors: () =>
      Object.fromEntries(
        Object.entries(values).map(([name, one]) => [
          name,
          tf.tensor(one.values, [...one.shape], one.dtype),
        ]),
      ),
  };
}

async function readPart(path: string, name: string): Promise<Buffer<ArrayBuffer>> {
  try {
    return await readFile(join(path, name));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') {
      throw new GanloomError(
        `the checkpoint ${path} must be readable, got ${message}; give the right to read it`,
      );
    }
    throw new UnusableCheckpoint(path, `cannot be read: ${message}`);
  }
}

function nameOf(step: number): string {
  return `step-${String(step).padStart(6, '0')}`;
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

/** The newest first. */
async function checkpointSteps(folder: string): Promise<number[]> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return entries
    .flatMap((name) => (NAME.exec(name) ?? REPLACED.exec(name))?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a)
    .filter((step, i, all) => step !== all[i - 1]);
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

const encode = (text: string) => new TextEncoder().encode(text);

/** Computed by another thread. */
async function sha256(data: Uint8Array<ArrayBuffer>): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', data)).toString('hex');
}
