import { registerMinibatchDiscrimination } from './minibatch-discrimination';
import { registerMinibatchStandardDeviation } from './minibatch-standard-deviation';

/**
 * Lets TensorFlow.js load saved models that hold layers of this package. The functions that make a layer
 * do so too: a program needs it that loads a model and has made none.
 */
export function registerLayers(): void {
  registerMinibatchDiscrimination();
  registerMinibatchStandardDeviation();
}
