import '@tensorflow/tfjs-backend-webgpu';
import { installGradients } from '@ganloom/gradients';
import * as tf from '@tensorflow/tfjs';
import { measureAll, type Measurements } from './measure';

declare global {
  interface Window {
    measureOn(
      backend: string,
      installed: boolean,
      from?: number,
      to?: number,
    ): Promise<Measurements>;
  }
}

window.measureOn = async (backend, installed, from, to) => {
  if (!(await tf.setBackend(backend))) throw new Error(`gradients: no backend ${backend}`);
  if (installed) installGradients();
  return measureAll(from, to);
};
