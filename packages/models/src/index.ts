export {
  type Architecture,
  type DiscriminatorChanges,
  type Normalize,
  unnormalized,
} from './lib/architecture';
export { compactSrNet } from './lib/compact-sr-net';
export {
  dcgan,
  dcganDiscriminator,
  type DcganDiscriminatorOptions,
  dcganGenerator,
  type DcganGeneratorOptions,
} from './lib/dcgan';
export { heInitialize } from './lib/he-initialize';
export {
  type HiddenUnits,
  leakyReluUnits,
  type LeakyReluUnitsOptions,
  reluUnits,
} from './lib/hidden-units';
export {
  glorotStddev,
  initialize,
  type InitializeOptions,
  type InitialNormal,
} from './lib/initialize';
export {
  batchNormLayer,
  type BatchNormLayerOptions,
  concatenateLayer,
  conv2dLayer,
  type ConvLayerOptions,
  denseLayer,
  type DenseLayerOptions,
  embeddingLayer,
  type EmbeddingLayerOptions,
  leakyReluLayer,
} from './lib/layers';
export { maxoutUnits, type MaxoutUnitsOptions } from './lib/maxout-units';
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
export { receptiveRadius } from './lib/receptive-radius';
export {
  resnet,
  resnetDiscriminator,
  type ResnetDiscriminatorOptions,
  resnetGenerator,
  type ResnetGeneratorOptions,
  type ResnetOptions,
} from './lib/resnet';
export {
  spectrallyNormalized,
  spectralNorm,
  type SpectralNorm,
} from './lib/spectral-normalization';
export { srResNet } from './lib/sr-resnet';
export { srganDiscriminator, type SrganDiscriminatorOptions } from './lib/srgan-discriminator';
export type { SuperResolutionNetOptions } from './lib/super-resolution-options';
export { scaleOf, upscale, upscaleBands, type UpscaleOptions } from './lib/upscale-bands';
