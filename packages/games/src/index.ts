export { augmented, type AugmentedOptions } from './lib/augmented';
export { conditionalGame, type ConditionalGameOptions } from './lib/conditional-game';
export {
  cycleGame,
  type CycleGameOptions,
  type DomainPictures,
  type Domains,
} from './lib/cycle-game';
export { fadeLayer, type FadeLayerOptions } from './lib/fade-layer';
export { type GrowingSize, growingStages, type GrowingStagesOptions } from './lib/growing-stages';
export type { Codes, CodeShape } from './lib/info-codes';
export { type CodedSamples, infoGame, type InfoGameOptions } from './lib/info-game';
export { latentGame, type LatentGameOptions } from './lib/latent-game';
export { packed, packedShape } from './lib/packed';
export { pairedGame, type PairedGameOptions, type PicturePairs } from './lib/paired-game';
export { latentStream, normalPrior, type Prior } from './lib/prior';
export { registerLayers } from './lib/register-layers';
export { sideBySide } from './lib/side-by-side';
export { sizedGame, type SizedGameOptions } from './lib/sized-game';
export { superResolutionGame, type SuperResolutionNetworks } from './lib/super-resolution-game';
