export type { AfterStage, BodyStage } from './lib/after-stage';
export {
  type Architecture,
  type DiscriminatorChanges,
  type HeadedChanges,
  type Normalize,
  unnormalized,
} from './lib/architecture';
export { compactSrNet } from './lib/compact-sr-net';
export { dcgan, type DcganOptions } from './lib/dcgan';
export {
  discriminatorOf,
  type DiscriminatorOfOptions,
  featuresOf,
  logitOf,
} from './lib/discriminator-of';
export { dropoutLayer, type DropoutLayerOptions } from './lib/dropout-layer';
export { generatorOf, type GeneratorOfOptions } from './lib/generator-of';
export { heInitialize } from './lib/he-initialize';
export {
  type HiddenUnits,
  leakyReluUnits,
  type LeakyReluUnitsOptions,
  reluUnits,
} from './lib/hidden-units';
export { glorotStddev, initialize, type InitializeOptions } from './lib/initialize';
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
export { mlp, type MlpGeneratorLayers, type MlpLayers, type MlpOptions } from './lib/mlp';
export { latentInput, sampleInput } from './lib/network-inputs';
export { noiseLayer, type NoiseLayerOptions } from './lib/noise-layer';
export {
  pixelShuffle,
  pixelShuffleLayer,
  type PixelShuffleLayerOptions,
} from './lib/pixel-shuffle';
export { preluLayer } from './lib/prelu-layer';
export { receptiveRadius } from './lib/receptive-radius';
export { registerLayers } from './lib/register-layers';
export { resnet, type ResnetOptions } from './lib/resnet';
export {
  selfAttention,
  selfAttentionLayer,
  type SelfAttentionLayerOptions,
  type SelfAttentionWeights,
} from './lib/self-attention';
export {
  spectrallyNormalized,
  spectralNorm,
  type SpectralNorm,
} from './lib/spectral-normalization';
export { srResNet } from './lib/sr-resnet';
export { srganDiscriminator, type SrganDiscriminatorOptions } from './lib/srgan-discriminator';
export type { SuperResolutionNetOptions } from './lib/super-resolution-options';
export { scaleOf, upscale, upscaleBands, type UpscaleOptions } from './lib/upscale-bands';
