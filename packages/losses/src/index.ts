export { began, type BeganLoss, type BeganOptions } from './lib/began';
export {
  categoricalCode,
  type CategoricalCodeOptions,
  type Code,
  gaussianCode,
  type GaussianCodeOptions,
} from './lib/codes';
export { consistency, type ConsistencyOptions } from './lib/consistency';
export {
  absoluteError,
  charbonnier,
  type CharbonnierOptions,
  type ContentOptions,
  type ContentTerm,
  squaredError,
} from './lib/content';
export { cycleConsistency, identity, type MemberPairsOptions } from './lib/cycle-consistency';
export { dragan, type DraganOptions } from './lib/dragan';
export { ebgan, type EbganOptions } from './lib/ebgan';
export {
  alphaDivergence,
  type FDivergence,
  ganDivergence,
  jeffreyDivergence,
  jensenShannonDivergence,
  klDivergence,
  neymanDivergence,
  pearsonDivergence,
  reverseKlDivergence,
  squaredHellingerDivergence,
  totalVariationDivergence,
  weightedJensenShannonDivergence,
} from './lib/f-divergences';
export { fGan, type FGanOptions } from './lib/f-gan';
export { featureMatching, type FeatureTermOptions } from './lib/feature-matching';
export { gradientPenalty, type GradientPenaltyOptions } from './lib/gradient-penalty';
export { hinge } from './lib/hinge';
export { historicalAveraging, type HistoricalAveragingOptions } from './lib/historical-averaging';
export { type Differentiated, inputGradients } from './lib/input-gradients';
export { leastSquares, type LeastSquaresOptions } from './lib/least-squares';
export { lossSensitive, type LossSensitiveOptions } from './lib/loss-sensitive';
export {
  maximumMeanDiscrepancy,
  type MaximumMeanDiscrepancyOptions,
} from './lib/maximum-mean-discrepancy';
export {
  minibatchDiscrimination,
  minibatchDiscriminationLayer,
  type MinibatchDiscriminationOptions,
} from './lib/minibatch-discrimination';
export {
  minibatchStandardDeviation,
  minibatchStandardDeviationLayer,
  type MinibatchStandardDeviationOptions,
} from './lib/minibatch-standard-deviation';
export { minimax, type MinimaxOptions } from './lib/minimax';
export { mmdGan, type MmdGanOptions } from './lib/mmd-gan';
export { modeSeeking, type ModeSeekingOptions } from './lib/mode-seeking';
export { mutualInformation, type MutualInformationOptions } from './lib/mutual-information';
export { nonSaturating, type NonSaturatingOptions } from './lib/non-saturating';
export { perceptual, type PerceptualOptions } from './lib/perceptual';
export { pullingAway } from './lib/pulling-away';
export { r3gan, type R3ganOptions } from './lib/r3gan';
export { registerLayers } from './lib/register-layers';
export { relativisticAverage, type RelativisticAverageOptions } from './lib/relativistic-average';
export { relativisticPairing } from './lib/relativistic-pairing';
export { totalVariation, type TotalVariationOptions } from './lib/total-variation';
export { wasserstein } from './lib/wasserstein';
export { witnessPenalty, type WitnessPenaltyOptions } from './lib/witness-penalty';
export { r1, r2, type ZeroCenteredPenaltyOptions } from './lib/zero-centered-penalties';
