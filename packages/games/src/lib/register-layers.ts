import { registerFade } from './fade-layer';

/** Lets `tf.loadLayersModel` read networks that have layers of this package. */
export function registerLayers(): void {
  registerFade();
}
