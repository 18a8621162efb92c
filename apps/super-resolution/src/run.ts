import { UsageError } from '@ganloom/core';
import { generatorAfter, readRunConfig, runNames } from '@ganloom/runs';
import { loadModel, type Store } from '@ganloom/storage';
import type * as tf from '@tensorflow/tfjs';

export const APP = 'super-resolution';

/** What a run folder of this program holds, as far as enlarging needs it. */
export interface SuperResolutionRun {
  readonly scale: number;
  readonly channels: number;
  /** Names of the generators in it: of the end of the run, and of stages before. */
  readonly generators: readonly string[];
  load(generator: string): Promise<tf.LayersModel>;
}

/** Where the networks of a run are, by what `--phase` calls them. */
export const PHASES = { content: generatorAfter('content'), last: runNames.generator } as const;

/**
 * Reads what a run was trained for; networks only when they are asked for.
 *
 * @throws UsageError if the folder holds no run of ours, or one for another scale than `scale`.
 */
export async function openRun(run: Store, scale?: number): Promise<SuperResolutionRun> {
  const { settings, data } = await readRunConfig(run, APP);
  const trained = settings['scale'];
  if (typeof trained !== 'number') {
    const config = run.describe(runNames.config);
    throw new UsageError(`${config} must hold the scale under settings.scale`);
  }
  const channels = data.image?.channels;
  if (channels === undefined) {
    const config = run.describe(runNames.config);
    throw new UsageError(`${config} must hold the size of pictures under data.image`);
  }
  if (scale !== undefined && scale !== trained) {
    throw new UsageError(
      `scale must be that of the run, ×${trained}, got ${scale}; train another for ×${scale}`,
    );
  }
  const generators: string[] = [];
  for (const name of Object.values(PHASES)) {
    if ((await run.size(`${name}/model.json`)) !== undefined) generators.push(name);
  }
  if (generators.length === 0) {
    throw new UsageError(
      `${run.describe()} holds no generator yet; let its training end, or interrupt it`,
    );
  }
  return {
    scale: trained,
    channels,
    generators,
    load(generator) {
      if (!generators.includes(generator)) {
        throw new UsageError(
          `${run.describe()} holds no ${generator}, only ${generators.join(', ')}`,
        );
      }
      return loadModel(run.within(generator));
    },
  };
}
