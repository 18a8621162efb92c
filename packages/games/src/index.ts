export { augmented, type AugmentedOptions } from './lib/augmented';
export { conditionalGame, type ConditionalGameOptions } from './lib/conditional-game';
export { latentGame, type LatentGameOptions } from './lib/latent-game';
export { packed, packedShape } from './lib/packed';
