import { registerLayers as registerLayersOfLosses } from '@ganloom/losses';
import { registerDropout } from './dropout-layer';
import { rememberInitializers } from './initializer-memory';
import { registerNoise } from './noise-layer';
import { registerSelfAttention } from './self-attention';
import { registerSpectralNormalization } from './spectral-normalization';

/**
 * Lets TensorFlow.js load saved models that hold layers of this package or of `@ganloom/losses`. The
 * functions that make a layer do so too: a program needs it that loads a model and has made none.
 *
 * It also begins to remember with which initializers layers begin, which `initialize` asks for.
 */
export function registerLayers(): void {
  registerLayersOfLosses();
  registerSpectralNormalization();
  registerNoise();
  registerDropout();
  registerSelfAttention();
  rememberInitializers();
}
