import { GanloomError } from '@ganloom/core';
import { decodeSafetensors, type Store, StoreError } from '@ganloom/storage';
import { isBetter, type NamedTensors } from '@ganloom/training';
import * as tf from '@tensorflow/tfjs';
import { runNames } from './run-names';
import {
  type CheckpointPosition,
  checkpointsOf,
  checkpointSteps,
  encode,
  FORMAT,
  MANIFEST,
  type Manifest,
  nameOf,
  type MetricValue,
  type Settings,
  sha256,
  VERSION,
} from './checkpoint-format';

/** A checkpoint that is whole. */
export interface Checkpoint extends CheckpointPosition {
  /** What it is called in the run's store: `checkpoints/step-000500`. */
  readonly name: string;
  /** If the metric that the best checkpoint is chosen by was known at the step. */
  readonly quality?: MetricValue;
  /** What the run was set to then. */
  readonly settings?: Settings;
  /** New tensors; the caller disposes them. */
  tensors(): NamedTensors;
}

/** Whether a run has a checkpoint that was finished. */
export async function hasCheckpoint(run: Store): Promise<boolean> {
  const checkpoints = checkpointsOf(run);
  for (const step of await checkpointSteps(run)) {
    if ((await checkpoints.list(nameOf(step))).includes(MANIFEST)) return true;
  }
  return false;
}

/**
 * The newest checkpoint of a run that is whole. Damaged ones, and those that the store cannot read, are named to
 * `onDamaged` and passed over.
 *
 * @throws GanloomError if there is none, or one that is passed over for no fault of its own: it is of
 *   another version, or may not be read.
 */
export async function newestCheckpoint(
  run: Store,
  onDamaged: (message: string) => void = (message) => console.error(`warning: ${message}`),
): Promise<Checkpoint> {
  return firstWhole('newestCheckpoint', run, await checkpointSteps(run), onDamaged);
}

/**
 * The checkpoint with the best value of the metric that `checkpointSink` was told of as `best`.
 * Otherwise as {@link newestCheckpoint}.
 */
export async function bestCheckpoint(
  run: Store,
  onDamaged: (message: string) => void = (message) => console.error(`warning: ${message}`),
): Promise<Checkpoint> {
  const reasons: string[] = [];
  const all = await checkpointSteps(run);
  const found = await checkpointsByMetric(run, all, undefined, (_, error) =>
    reasons.push(passOver(error, onDamaged)),
  );
  const steps = found.map(({ step }) => step);
  return firstWhole('bestCheckpoint', run, steps, onDamaged, reasons);
}

/** The best value of a metric that a checkpoint up to a step was written with, if there is one. */
export async function bestMetricValue(
  run: Store,
  metric: string,
  step: number,
): Promise<number | undefined> {
  const past = (await checkpointSteps(run)).filter((one) => one <= step);
  const [best] = await checkpointsByMetric(run, past, metric);
  return best?.quality.value;
}

async function firstWhole(
  where: string,
  run: Store,
  steps: readonly number[],
  onDamaged: (message: string) => void,
  reasons: string[] = [],
): Promise<Checkpoint> {
  const count = steps.length + reasons.length;
  for (const step of steps) {
    try {
      return await readCheckpoint(run, step);
    } catch (error) {
      reasons.push(passOver(error, onDamaged));
    }
  }
  const found =
    count === 0
      ? 'it has none; train anew'
      : `none of the ${count} in it can be used: ${[...new Set(reasons)].join('; ')}`;
  throw new GanloomError(
    `${where}: ${run.describe(runNames.checkpoints)} must hold a whole checkpoint, but ${found}`,
  );
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
export async function checkpointsByMetric(
  run: Store,
  steps: readonly number[],
  metric?: string,
  onUnusable: (step: number, error: unknown) => void = () => undefined,
): Promise<{ readonly step: number; readonly quality: MetricValue }[]> {
  const found: { step: number; quality: MetricValue }[] = [];
  for (const step of steps) {
    const manifest = await readManifest(run, step).catch((error) => onUnusable(step, error));
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
    place: string,
    readonly reason: string,
    /** Or else it may be whole: the store has not let it be read. */
    readonly isDamaged = true,
  ) {
    super(`the checkpoint ${place} ${reason}`);
  }
}

/**
 * What the manifest of a checkpoint says.
 *
 * @throws UnusableCheckpoint if it is not whole, or cannot be read; GanloomError if it is of another
 *   version, or may not be read.
 */
export async function readManifest(run: Store, step: number): Promise<Manifest> {
  const place = checkpointsOf(run).describe(nameOf(step));
  const bytes = await readPart(run, step, MANIFEST);
  if (!bytes) {
    throw new UnusableCheckpoint(place, `was not finished, or is damaged: it has no ${MANIFEST}`);
  }
  let manifest: Manifest & { sha256: string };
  try {
    manifest = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new UnusableCheckpoint(place, `is damaged: ${MANIFEST} is not JSON`);
  }
  const { sha256: sum, ...content } = manifest ?? {};
  // The first thing to look at in any version.
  if ((await sha256(encode(JSON.stringify(content)))) !== sum) {
    throw new UnusableCheckpoint(place, `is damaged: the checksum of ${MANIFEST} is wrong`);
  }
  if (content.format !== FORMAT || content.version !== VERSION) {
    throw new GanloomError(
      `the checkpoint ${place} must be ${FORMAT} ${VERSION}, but is ${content.format} ` +
        `${content.version}; use the version of ganloom that wrote it`,
    );
  }
  if (content.step !== step) {
    throw new UnusableCheckpoint(place, `is damaged: it is of step ${content.step}`);
  }
  return content;
}

/** The manifest of a checkpoint and its weights, which are whole. @throws as {@link readManifest} */
export async function readVerified(
  run: Store,
  step: number,
): Promise<{ readonly manifest: Manifest; readonly weights: Uint8Array<ArrayBuffer> }> {
  const manifest = await readManifest(run, step);
  const { file, sha256: sum } = manifest.weights;
  const place = checkpointsOf(run).describe(nameOf(step));
  const weights = await readPart(run, step, file);
  if (!weights) throw new UnusableCheckpoint(place, `is damaged: it has no ${file}`);
  if ((await sha256(weights)) !== sum) {
    throw new UnusableCheckpoint(place, `is damaged: the checksum of ${file} is wrong`);
  }
  return { manifest, weights };
}

async function readCheckpoint(run: Store, step: number): Promise<Checkpoint> {
  const { manifest, weights } = await readVerified(run, step);
  const { stage, seconds, quality, settings } = manifest;
  const values = decodeSafetensors(weights);
  return {
    name: `${runNames.checkpoints}/${nameOf(step)}`,
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

async function readPart(
  run: Store,
  step: number,
  part: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const checkpoints = checkpointsOf(run);
  const name = nameOf(step);
  try {
    return await checkpoints.get(`${name}/${part}`);
  } catch (error) {
    const place = checkpoints.describe(name);
    if (StoreError.isInstance(error) && error.isDenied) {
      throw new GanloomError(
        `the checkpoint ${place} must be readable, got ${error.reason}; give the right to read it`,
      );
    }
    throw new UnusableCheckpoint(place, `cannot be read: ${(error as Error).message}`, false);
  }
}
