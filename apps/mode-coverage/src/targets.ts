import { gridMixture, ringMixture } from '@ganloom/datasets';
import { mixtureTarget } from './mixture-target';
import { stackedMnistTarget } from './stacked-mnist-target';
import type { TargetKind } from './target';

/** What `--target` names. */
export const targets: Readonly<Record<string, TargetKind>> = {
  ring: mixtureTarget(ringMixture(), { gamma: 0.05, gammaEnd: 0.005 }),
  grid: mixtureTarget(gridMixture(), { gamma: 0.1, gammaEnd: 0.001 }),
  'stacked-mnist': stackedMnistTarget(),
};
