import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { UsageError } from '@ganloom/core';
import {
  splitDatasetName,
  type SuperResolutionPairs,
  superResolutionPairs,
  type SuperResolutionPairsOptions,
} from '@ganloom/datasets/node';

/** Side of the default set's pictures; a patch of 96 moves within it. */
const EMOJI_SIDE = 144;

export interface TrainingPictures {
  load(options: SuperResolutionPairsOptions): Promise<SuperResolutionPairs>;
}

/**
 * Reads `folder:FOLDER` or `emoji`, the values of `--dataset`. Loads nothing yet.
 *
 * @throws UsageError for another name.
 */
export function parseTrainingPictures(text: string): TrainingPictures {
  const { kind, path } = splitDatasetName(text);
  if (kind === 'folder' && path) {
    return { load: (options) => superResolutionPairs(path, { name: text, ...options }) };
  }
  if (kind === 'emoji' && path === undefined) return { load: emoji };
  throw new UsageError(`--dataset must be folder:FOLDER or emoji, got "${text}"`);
}

/** Twemoji, from npm: drawings with sharp edges on white, to see that it works. */
function emoji(options: SuperResolutionPairsOptions): Promise<SuperResolutionPairs> {
  const folder = dirname(createRequire(import.meta.url).resolve('@twemoji/svg/package.json'));
  return superResolutionPairs(folder, { name: 'emoji', vectorSide: EMOJI_SIDE, ...options });
}
