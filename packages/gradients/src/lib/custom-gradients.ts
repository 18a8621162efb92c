import * as tf from '@tensorflow/tfjs';
import type { RunKernel } from './gradient-config';

type Save = (tensors: tf.Tensor[]) => void;
type CustomOp = (...inputsAndSave: [...tf.Tensor[], Save]) => { readonly value: tf.Tensor };
type CustomGrad = (f: CustomOp) => (...inputs: tf.Tensor[]) => tf.Tensor;

/** Operations, by their scopes, that a tape is to record kernel by kernel. */
const transparent = new Set([
  // Their own gradient uses an intermediate result that the tape knows nothing of, which is right
  // to first order only. Whether a second is to follow, nobody knows yet: a penalty differentiates a
  // critique that a tape has recorded before.
  'logSoftmax__op',
  'softmaxCrossEntropy__op',
  // Their own gradient computes every input's part, asked for or not, and knows no dilation.
  'fusedConv2d__op',
  'fusedDepthwiseConv2d__op',
  'fusedMatMul__op',
]);

/**
 * Repairs the operations of TensorFlow.js whose gradients are functions inside it, out of the
 * registry's reach: the forward pass is recorded kernel by kernel, and the registered gradients of
 * those kernels do the rest. Custom gradients of others are left alone.
 */
export function repairCustomGradients(): void {
  const engine = tf.engine();
  const stock = engine.customGrad.bind(engine) as unknown as CustomGrad;
  const repaired: CustomGrad = (f) => {
    const recorded = engine.state.gradientDepth > 0;
    return recorded && transparent.has(engine.state.activeScope?.name ?? '')
      ? byKernels(f)
      : stock(f);
  };
  engine.customGrad = repaired as unknown as typeof engine.customGrad;
}

function byKernels(f: CustomOp) {
  return (...inputs: tf.Tensor[]): tf.Tensor => {
    const engine = tf.engine();
    const run = engine.runKernel;
    // The tape cannot hold an absent bias, nor a gradient function ask for the shape of one.
    const runPresent: RunKernel = (kernelName, all, attrs) => {
      const present = Object.fromEntries(
        Object.entries(all).filter(([, tensor]) => tensor !== undefined),
      );
      const { bias } = present;
      return run.call(engine, kernelName, present, {
        ...attrs,
        ...(bias && { biasShape: bias.shape }),
      });
    };
    engine.runKernel = runPresent as typeof run;
    try {
      return f(...inputs, () => {}).value;
    } finally {
      engine.runKernel = run;
    }
  };
}
