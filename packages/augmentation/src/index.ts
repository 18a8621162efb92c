export { adaptive, type AdaptiveOptions } from './lib/adaptive';
export type { Augmentation } from './lib/augmentation';
export {
  brightness,
  type ColorOptions,
  contrast,
  hueRotation,
  type HueRotationOptions,
  lumaFlip,
  saturation,
} from './lib/color';
export { cutout, type CutoutOptions } from './lib/cutout';
export { diffAugment } from './lib/diff-augment';
export { horizontalFlip } from './lib/horizontal-flip';
export { inSequence } from './lib/in-sequence';
export { instanceNoise, type InstanceNoiseOptions } from './lib/instance-noise';
export { quarterTurns } from './lib/quarter-turns';
export { anisotropicScaling, isotropicScaling, type ScalingOptions } from './lib/scaling';
export { scheduled } from './lib/scheduled';
export { translation, type TranslationOptions } from './lib/translation';
export { withProbability } from './lib/with-probability';
