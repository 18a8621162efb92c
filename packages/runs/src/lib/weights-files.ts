import type { Store } from '@ganloom/storage';
import { checkpointsOf, checkpointSteps, MANIFEST, nameOf } from './checkpoint-format';
import { readManifest, readVerified, UnusableCheckpoint } from './read-checkpoint';

const WEIGHTS = /^weights(-\d+)?\.safetensors$/;
/** What versions before left behind that gave a checkpoint its name by renaming a folder. */
const RENAMED = /^\.step-/;

const weightsName = (n: number) => (n === 1 ? 'weights.safetensors' : `weights-${n}.safetensors`);

/** Where the weights of a new checkpoint go. */
export interface WeightsFile {
  readonly file: string;
  /** The same bytes are there already. */
  readonly isThere: boolean;
  /** There is no checkpoint of the step yet. */
  readonly isFirst: boolean;
}

/**
 * The name for the weights of a step: one that no manifest of a checkpoint refers to which can be used,
 * so that this stays whole until the new manifest is in the place of its own.
 *
 * @param sum the SHA-256 of the weights
 */
export async function weightsFileFor(run: Store, step: number, sum: string): Promise<WeightsFile> {
  const parts = await checkpointsOf(run).list(nameOf(step));
  if (!parts.includes(MANIFEST)) return { file: weightsName(1), isThere: false, isFirst: true };
  try {
    const { weights } = (await readVerified(run, step)).manifest;
    if (weights.sha256 === sum) return { file: weights.file, isThere: true, isFirst: false };
  } catch (error) {
    if (error instanceof UnusableCheckpoint && error.isDamaged) {
      return { file: weightsName(1), isThere: false, isFirst: false };
    }
  }
  let n = 1;
  while (parts.includes(weightsName(n))) n++;
  return { file: weightsName(n), isThere: false, isFirst: false };
}

/** Removes a checkpoint, its manifest first: without it, it is none. */
export async function removeCheckpoint(run: Store, step: number): Promise<void> {
  const checkpoints = checkpointsOf(run);
  await checkpoints.remove(`${nameOf(step)}/${MANIFEST}`);
  await checkpoints.remove(nameOf(step));
}

/** Removes what no manifest refers to: checkpoints that were not finished, and weights replaced by others. */
export async function removeRests(run: Store): Promise<void> {
  const checkpoints = checkpointsOf(run);
  for (const name of await checkpoints.list()) {
    if (RENAMED.test(name)) await checkpoints.remove(name);
  }
  for (const step of await checkpointSteps(run)) {
    const name = nameOf(step);
    const parts = await checkpoints.list(name);
    if (!parts.includes(MANIFEST)) {
      await checkpoints.remove(name);
      continue;
    }
    const weights = parts.filter((part) => WEIGHTS.test(part));
    if (weights.length < 2) continue;
    // One that cannot be read may refer to any of them.
    const manifest = await readManifest(run, step).catch(() => undefined);
    for (const part of weights) {
      if (manifest && part !== manifest.weights.file) await checkpoints.remove(`${name}/${part}`);
    }
  }
}
