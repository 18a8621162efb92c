import { gridMixture, ringMixture } from '@ganloom/datasets';
import { mixtureTarget } from './mixture-target';
import { stackedMnistTarget } from './stacked-mnist-target';
import type { TargetKind } from './target';

/** What `--target` names. */
export const targets: Readonly<Record<string, TargetKind>> = {
  ring: mixtureTarget(ringMixture(), { gamma: 0.05, gammaEnd: 0.0005 }),
  // Four times as small as in the papers, so that it lies in [−1, 1] as the ring does.
  grid: mixtureTarget(gridMixture({ spacing: 0.5, standardDeviation: 0.0125 }), {
    gamma: 0.3,
    gammaEnd: 0.003,
  }),
  'stacked-mnist': stackedMnistTarget(),
};
