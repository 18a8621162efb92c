import { GanloomError } from '@ganloom/core';
import { encodeSafetensors, putJson, type Store, type TensorValues } from '@ganloom/storage';
import type { NamedTensors } from '@ganloom/training';
import {
  type CheckpointPosition,
  checkpointsOf,
  checkpointSteps,
  encode,
  FORMAT,
  MANIFEST,
  nameOf,
  type MetricValue,
  type Settings,
  sha256,
  VERSION,
} from './checkpoint-format';
import { checkpointsByMetric, UnusableCheckpoint } from './read-checkpoint';
import { removeCheckpoint, removeRests, weightsFileFor } from './weights-files';

/** Settings of {@link writeCheckpoint}. */
export interface WriteCheckpointOptions {
  /** The newest so many stay; default 2, so that one can be damaged. */
  readonly keep?: number;
  /** The best by this metric stays, too; `value` is that of this step, if it is known. */
  readonly best?: Omit<MetricValue, 'value'> & { readonly value?: number | undefined };
  /** Those of the run, to be kept in the manifest. */
  readonly settings?: Settings;
}

/** A checkpoint on its way to the store. */
export interface CheckpointInWriting {
  /** When it is there; rejects as {@link writeCheckpoint} does when the store says no. */
  readonly written: Promise<void>;
}

/**
 * Writes `checkpoints/step-000500/` of a run: the tensors as `weights.safetensors`, then a
 * `manifest.json` that names this file, with the position and SHA-256 sums. Without the manifest it is
 * no checkpoint, so that it is there whole or not at all. Then removes what is older than the newest
 * `keep` unless it is the best, and what is of later steps: a future that an earlier attempt had.
 *
 * @throws GanloomError if a value is NaN or infinite, or the store says no; leaves all checkpoints as
 *   they are unless the new one is in its place.
 */
export async function writeCheckpoint(
  run: Store,
  position: CheckpointPosition,
  tensors: NamedTensors,
  options: WriteCheckpointOptions = {},
): Promise<void> {
  const { written } = await beginCheckpoint(run, position, tensors, options);
  await written;
}

/**
 * {@link writeCheckpoint} for who goes on meanwhile: resolves when all values are copied, so that the
 * tensors may change. One at a time.
 *
 * @throws GanloomError if a value is NaN or infinite.
 */
export async function beginCheckpoint(
  run: Store,
  position: CheckpointPosition,
  tensors: NamedTensors,
  options: WriteCheckpointOptions = {},
): Promise<CheckpointInWriting> {
  const weights = encodeSafetensors(await readTensors(tensors));
  return { written: writeParts(run, position, weights, options) };
}

async function writeParts(
  run: Store,
  position: CheckpointPosition,
  weights: Uint8Array<ArrayBuffer>,
  { keep = 2, best, settings }: WriteCheckpointOptions,
): Promise<void> {
  const { step, stage, seconds } = position;
  const checkpoints = checkpointsOf(run);
  const name = nameOf(step);
  const sum = await sha256(weights);
  let isNew = false;
  try {
    await removeRests(run);
    const { file, isThere, isFirst } = await weightsFileFor(run, step, sum);
    isNew = isFirst;
    const content = {
      format: FORMAT,
      version: VERSION,
      step,
      stage,
      seconds,
      ...(best?.value !== undefined && Number.isFinite(best.value) && { quality: best }),
      ...(settings && { settings }),
      weights: { file, bytes: weights.length, sha256: sum },
    };
    const manifest = { ...content, sha256: await sha256(encode(JSON.stringify(content))) };
    if (!isThere) await checkpoints.put(`${name}/${file}`, weights);
    await putJson(checkpoints, `${name}/${MANIFEST}`, manifest);
  } catch (error) {
    if (isNew) await removeCheckpoint(run, step).catch(() => undefined);
    throw new GanloomError(
      `writeCheckpoint: ${checkpoints.describe(name)} could not be written: ` +
        `${(error as Error).message}; the checkpoints before stay`,
    );
  }
  try {
    await removeOld(run, step, keep, best);
    await removeRests(run);
  } catch (error) {
    throw new GanloomError(
      `writeCheckpoint: old checkpoints in ${checkpoints.describe()} could not be removed: ` +
        `${(error as Error).message}; the new one is whole`,
    );
  }
}

async function removeOld(
  run: Store,
  step: number,
  keep: number,
  best: WriteCheckpointOptions['best'],
): Promise<void> {
  const all = await checkpointSteps(run);
  const past = all.filter((one) => one <= step);
  const kept = new Set(past.slice(0, keep));
  if (best) {
    const [first] = await checkpointsByMetric(run, past, best.metric, (step, error) => {
      // It may be the best, and readable the next time.
      if (!(error instanceof UnusableCheckpoint) || !error.isDamaged) kept.add(step);
    });
    if (first) kept.add(first.step);
  }
  for (const one of all) if (!kept.has(one)) await removeCheckpoint(run, one);
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
