import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GanloomError } from '@ganloom/core';
import { decodeSafetensors } from '@ganloom/storage';
import { isBetter, type NamedTensors } from '@ganloom/training';
import { nameFile, readFolder } from '@ganloom/storage/node';
import * as tf from '@tensorflow/tfjs';
import {
  type CheckpointPosition,
  checkpointSteps,
  encode,
  FORMAT,
  MANIFEST,
  type Manifest,
  nameOf,
  type Quality,
  type Settings,
  sha256,
  VERSION,
  WEIGHTS,
} from './checkpoint-format';

export interface Checkpoint extends CheckpointPosition {
  readonly path: string;
  /** If the metric that the best checkpoint is chosen by was known at the step. */
  readonly quality?: Quality;
  /** What the run was set to then. */
  readonly settings?: Settings;
  /** New tensors; the caller disposes them. */
  tensors(): NamedTensors;
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
  const reasons: string[] = [];
  const all = await checkpointSteps(folder);
  const found = await checkpointsByQuality(folder, all, undefined, (_, error) =>
    reasons.push(passOver(error, onDamaged)),
  );
  const steps = found.map(({ step }) => step);
  return firstWhole('bestCheckpoint', folder, steps, onDamaged, reasons);
}

/** The best value of a metric that a checkpoint up to a step was written with, if there is one. */
export async function bestQuality(
  folder: string,
  metric: string,
  step: number,
): Promise<number | undefined> {
  const past = (await checkpointSteps(folder)).filter((one) => one <= step);
  const [best] = await checkpointsByQuality(folder, past, metric);
  return best?.quality.value;
}

async function firstWhole(
  where: string,
  folder: string,
  steps: readonly number[],
  onDamaged: (message: string) => void,
  reasons: string[] = [],
): Promise<Checkpoint> {
  const count = steps.length + reasons.length;
  const entries = await readFolder(folder);
  for (const step of steps) {
    const name = nameOf(step);
    for (const one of [name, `.${name}.replaced`].filter((entry) => entries.includes(entry))) {
      try {
        return await readCheckpoint(join(folder, one), step);
      } catch (error) {
        reasons.push(passOver(error, onDamaged));
      }
    }
  }
  const found =
    count === 0
      ? 'it has none; train anew'
      : `none of the ${count} in it can be used: ${[...new Set(reasons)].join('; ')}`;
  throw new GanloomError(`${where}: ${folder} must hold a whole checkpoint, but ${found}`);
}

/** Why another checkpoint is looked for. @throws the error, if another must not take its place. */
function passOver(error: unknown, onDamaged: (message: string) => void): string {
  if (!(error instanceof UnusableCheckpoint)) throw error;
  onDamaged(`${error.message}; looking for another one`);
  return error.reason;
}

/**
 * Those checkpoints that know the metric, the best first; of equal ones the earlier. What cannot be
 * used is none, and named to `onUnusable`.
 */
export async function checkpointsByQuality(
  folder: string,
  steps: readonly number[],
  metric?: string,
  onUnusable: (step: number, error: unknown) => void = () => undefined,
): Promise<{ readonly step: number; readonly quality: Quality }[]> {
  const found: { step: number; quality: Quality }[] = [];
  for (const step of steps) {
    const manifest = await readManifest(join(folder, nameOf(step)), step).catch((error) =>
      onUnusable(step, error),
    );
    const quality = manifest?.quality;
    if (quality && (metric ?? found[0]?.quality.metric ?? quality.metric) === quality.metric) {
      found.push({ step, quality });
    }
  }
  const before = (a: (typeof found)[0], b: (typeof found)[0]) =>
    isBetter(a.quality.value, b.quality.value, a.quality.better);
  return found.sort((a, b) => (before(a, b) ? -1 : before(b, a) ? 1 : a.step - b.step));
}

/** What is wrong with a checkpoint that another may take the place of. */
export class UnusableCheckpoint extends GanloomError {
  constructor(
    path: string,
    readonly reason: string,
    /** Or else it may be whole: the disk has not let it be read. */
    readonly isDamaged = true,
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
  const { stage, seconds, quality, settings, weights: sums } = await readManifest(path, step);
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
    ...(settings && { settings }),
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
    const reason = nameFile(error, join(path, name), 'reading').message;
    throw new UnusableCheckpoint(path, `cannot be read: ${reason}`, code === 'ENOENT');
  }
}
