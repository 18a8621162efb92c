import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { type NamedDataset, superResolutionPairs } from '@ganloom/datasets/node';

/** Side of the set's pictures; a patch of 96 moves within it. */
const SIDE = 144;

/** Twemoji, from npm: drawings with sharp edges on white, to see that it works. */
export const emoji: NamedDataset = {
  kind: 'emoji',
  path: 'none',
  pairs(_, options) {
    const folder = dirname(createRequire(import.meta.url).resolve('@twemoji/svg/package.json'));
    return superResolutionPairs(folder, { name: 'emoji', vectorSide: SIDE, ...options });
  },
};
