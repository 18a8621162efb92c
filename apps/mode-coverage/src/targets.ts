import { gridMixture, ringMixture } from '@ganloom/datasets';
import { mixtureTarget } from './mixture-target';
import { stackedMnistTarget } from './stacked-mnist-target';
import type { TargetKind } from './target';

/** What `--target` names. */
export const targets: Readonly<Record<string, TargetKind>> = {
  ring: mixtureTarget(ringMixture(), 0.05),
  grid: mixtureTarget(gridMixture(), 0.1),
  'stacked-mnist': stackedMnistTarget(),
};
