export { augmented, type AugmentedOptions } from './lib/augmented';
export { conditionalGame, type ConditionalGameOptions } from './lib/conditional-game';
export { latentGame, type LatentGameOptions } from './lib/latent-game';
export { packed, packedShape } from './lib/packed';
export { normalPrior, type Prior } from './lib/prior';
export { superResolutionGame, type SuperResolutionNetworks } from './lib/super-resolution-game';
