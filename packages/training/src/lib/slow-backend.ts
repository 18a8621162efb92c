import * as tf from '@tensorflow/tfjs';

/** A step of a small GAN takes this long in plain JavaScript, and tens of milliseconds elsewhere. */
const SLOW_MILLISECONDS = 2000;

let isSaid = false;

/** Says once that plain JavaScript trains, if a step has shown that it matters. */
export function slowBackend(milliseconds: number): void {
  if (isSaid || milliseconds < SLOW_MILLISECONDS || tf.getBackend() !== 'cpu') return;
  isSaid = true;
  console.warn(
    `warning: train: the backend is "cpu", plain JavaScript, and the first step took ${(milliseconds / 1000).toFixed(1)} s; ` +
      "tens of times faster: `import { useBackend } from '@ganloom/backends'; await useBackend();` before " +
      'networks are made',
  );
}
