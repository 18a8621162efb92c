import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '@ganloom/core';
import { loadModel } from '@ganloom/storage/node';
import { readRunConfig, type RunFolder, runFolder } from '@ganloom/runs';
import type * as tf from '@tensorflow/tfjs';

export const APP = 'super-resolution';

/** What a run folder of this program holds, as far as enlarging needs it. */
export interface SuperResolutionRun {
  readonly folder: RunFolder;
  readonly scale: number;
  readonly channels: number;
  /** Names of the generators in it: of the end of the run, and of stages before. */
  readonly generators: readonly string[];
  load(generator: string): Promise<tf.LayersModel>;
}

/** Where the networks of a run are, by what `--phase` calls them. */
export const PHASES = { content: 'generator-content', last: 'generator' } as const;

/**
 * Reads what a run was trained for; networks only when they are asked for.
 *
 * @throws UsageError if the folder holds no run of ours, or one for another scale than `scale`.
 */
export async function openRun(path: string, scale?: number): Promise<SuperResolutionRun> {
  const folder = runFolder(path);
  const { settings, data } = await readRunConfig(folder, APP);
  const trained = settings['scale'];
  if (typeof trained !== 'number') {
    throw new UsageError(`${folder.config} must hold the scale under settings.scale`);
  }
  if (scale !== undefined && scale !== trained) {
    throw new UsageError(
      `--scale must be that of the run, ×${trained}, got ${scale}; train another for ×${scale}`,
    );
  }
  const generators: string[] = [];
  for (const name of Object.values(PHASES)) {
    const model = join(path, name, 'model.json');
    if (
      await access(model).then(
        () => true,
        () => false,
      )
    )
      generators.push(name);
  }
  if (generators.length === 0) {
    throw new UsageError(`${path} holds no generator yet; let its training end, or interrupt it`);
  }
  return {
    folder,
    scale: trained,
    channels: data.image!.channels,
    generators,
    load(generator) {
      if (!generators.includes(generator)) {
        throw new UsageError(`${path} holds no ${generator}, only ${generators.join(', ')}`);
      }
      return loadModel(join(path, generator));
    },
  };
}
