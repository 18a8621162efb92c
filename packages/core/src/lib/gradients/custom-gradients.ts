import * as tf from '@tensorflow/tfjs';

type Save = (tensors: tf.Tensor[]) => void;
type CustomOp = (...inputsAndSave: [...tf.Tensor[], Save]) => { readonly value: tf.Tensor };
type RunKernel = (
  kernelName: string,
  inputs: tf.NamedTensorMap,
  attrs?: tf.NamedAttrMap,
) => tf.Tensor | tf.Tensor[];
type CustomGrad = (f: CustomOp) => (...inputs: tf.Tensor[]) => tf.Tensor;

/** From which depth of nested tapes on an operation, by its scope, is recorded step by step. */
const transparentFrom: Record<string, number> = {
  // Their own gradient uses an intermediate result that the tape knows nothing of, which is right
  // to first order and cheaper there.
  logSoftmax__op: 2,
  softmaxCrossEntropy__op: 2,
  // Their own gradient computes every input's part, asked for or not, and knows no dilation.
  fusedConv2d__op: 1,
  fusedDepthwiseConv2d__op: 1,
  fusedMatMul__op: 1,
};

/**
 * Repairs the operations of TensorFlow.js whose gradients are functions inside it, out of the
 * registry's reach: the forward pass is recorded kernel by kernel, and the registered gradients of
 * those kernels do the rest. Custom gradients of others are left alone.
 */
export function repairCustomGradients(): void {
  const engine = tf.engine();
  const stock = engine.customGrad.bind(engine) as unknown as CustomGrad;
  const repaired: CustomGrad = (f) => {
    const depth = transparentFrom[engine.state.activeScope?.name ?? ''];
    return depth !== undefined && engine.state.gradientDepth >= depth ? transparent(f) : stock(f);
  };
  engine.customGrad = repaired as unknown as typeof engine.customGrad;
}

function transparent(f: CustomOp) {
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
