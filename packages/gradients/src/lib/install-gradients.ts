import * as tf from '@tensorflow/tfjs';
import { activationGradients } from './activations';
import { broadcastGradients } from './broadcast';
import { comparisonGradients } from './comparison';
import { convolutionGradients } from './convolution';
import { convolution3dGradients } from './convolution-3d';
import { repairCustomGradients } from './custom-gradients';
import { einsumGradients } from './einsum';
import { repairLogSumExp } from './log-sum-exp';
import { matMulGradients } from './mat-mul';
import { padGradients } from './pad';
import { poolingGradients } from './pooling';
import { reductionGradients } from './reductions';
import { resizeGradients } from './resize';
import { savedOutputGradients } from './saved-outputs';
import { shapeGradients } from './shape';
import { repairTapedKernels } from './taped-kernels';

let installed = false;

/**
 * Makes the gradients of TensorFlow.js right to second order, and adds the ones that it lacks.
 *
 * ∇θ‖∇ₓ D(x)‖², which gradient penalties descend (Gulrajani et al. 2017, arXiv 1704.00028; Mescheder
 * et al. 2018, arXiv 1801.04406), is silently wrong in TensorFlow.js 4.22 where D uses tanh, sigmoid,
 * exp or softmax, and throws for most other activations and for pooling and resizing. Afterwards
 * `tf.leakyRelu`, `tf.maxPool`, `tf.layers.dense({ activation: 'tanh' })` and so on are right, in
 * first order as well. That is measured on cpu, ganloom's wasm, webgl and webgpu; the repairs need no
 * kernel that tfjs-node lacks.
 *
 * Call it once, before the first gradient is taken; calling it again does nothing. It registers
 * gradients in TensorFlow.js's own registry and changes what a tape records. Results of a forward pass
 * stay, but for `tf.logSumExp` of infinite values, which was wrong, and for the rounding, and what
 * overflows on the way, of `tf.prod` and `tf.cumprod` under a tape: they multiply in another order there.
 *
 * @throws GanloomError if TensorFlow.js was loaded without its gradients
 */
export function installGradients(): void {
  if (installed) return;
  const gradients = [
    ...savedOutputGradients(),
    ...activationGradients(),
    ...broadcastGradients(),
    ...comparisonGradients(),
    ...convolutionGradients(),
    ...convolution3dGradients(),
    ...einsumGradients(),
    ...matMulGradients(),
    ...padGradients(),
    ...poolingGradients(),
    ...reductionGradients(),
    ...resizeGradients(),
    ...shapeGradients(),
  ];
  for (const gradient of gradients) {
    // In debug mode TensorFlow.js warns of every gradient that is replaced.
    if (tf.getGradient(gradient.kernelName) !== undefined) {
      tf.unregisterGradient(gradient.kernelName);
    }
    tf.registerGradient(gradient);
  }
  repairCustomGradients();
  repairTapedKernels();
  repairLogSumExp();
  installed = true;
}
