export type { Architecture, Normalise } from './lib/architecture';
export {
  dcgan,
  dcganDiscriminator,
  type DcganDiscriminatorOptions,
  dcganGenerator,
  type DcganGeneratorOptions,
} from './lib/dcgan';
export {
  type HiddenUnits,
  leakyReluUnits,
  type LeakyReluUnitsOptions,
  reluUnits,
} from './lib/hidden-units';
export { initialise } from './lib/initialise';
export {
  batchNormLayer,
  type BatchNormLayerOptions,
  concatenateLayer,
  embeddingLayer,
  type EmbeddingLayerOptions,
} from './lib/layers';
export { compactSrNet } from './lib/compact-sr-net';
export { heInitialise } from './lib/he-initialise';
export { maxoutUnits, type MaxoutUnitsOptions } from './lib/maxout-units';
export {
  mlp,
  mlpDiscriminator,
  type MlpDiscriminatorOptions,
  mlpGenerator,
  type MlpGeneratorLayers,
  type MlpGeneratorOptions,
  type MlpLayers,
  type MlpOptions,
} from './lib/mlp';
export {
  pixelShuffle,
  pixelShuffleLayer,
  type PixelShuffleLayerOptions,
} from './lib/pixel-shuffle';
export { preluLayer } from './lib/prelu-layer';
export { srResNet } from './lib/sr-resnet';
export { srganDiscriminator, type SrganDiscriminatorOptions } from './lib/srgan-discriminator';
export type { SuperResolutionNetOptions } from './lib/super-resolution-options';
export { receptiveRadius } from './lib/receptive-radius';
export { scaleOf, upscale, upscaleBands, type UpscaleOptions } from './lib/upscale-bands';
