export { type Architecture, type Normalise, unnormalised } from './lib/architecture';
export {
  dcgan,
  dcganDiscriminator,
  type DcganDiscriminatorOptions,
  dcganGenerator,
  type DcganGeneratorOptions,
} from './lib/dcgan';
export { initialise } from './lib/initialise';
export {
  batchNormLayer,
  type BatchNormLayerOptions,
  concatenateLayer,
  conv2dLayer,
  type ConvLayerOptions,
  embeddingLayer,
  type EmbeddingLayerOptions,
  leakyReluLayer,
} from './lib/layers';
export { compactSrNet } from './lib/compact-sr-net';
export { heInitialise } from './lib/he-initialise';
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
