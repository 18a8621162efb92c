import '@tensorflow/tfjs-backend-webgpu';
import { installGradients } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { measureAll, type Measurements } from './measure';

declare global {
  interface Window {
    measureOnWebgpu(installed: boolean): Promise<Measurements>;
  }
}

window.measureOnWebgpu = async (installed) => {
  if (!(await tf.setBackend('webgpu'))) throw new Error('gradients: no backend webgpu');
  if (installed) installGradients();
  return measureAll();
};
