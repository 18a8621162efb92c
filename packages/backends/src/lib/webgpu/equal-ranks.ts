import type * as tf from '@tensorflow/tfjs';

/** The kernels that it is for. */
export const kernelsOfTwo: readonly string[] = [
  ...['Add', 'Sub', 'Multiply', 'RealDiv', 'FloorDiv', 'Mod', 'Pow', 'SquaredDifference'],
  ...['Maximum', 'Minimum', 'Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual'],
  ...['LogicalAnd', 'LogicalOr', 'Atan2'],
];

/**
 * A function of two numbers, where a vector meets a tensor of rank 5 or 6 as one of that rank. The stock
 * shader for vectors does not compile there.
 */
export function equalRanks(stock: tf.KernelFunc): tf.KernelFunc {
  return (args) => {
    const { a, b } = args.inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
    const rank = Math.max(a.shape.length, b.shape.length);
    if (rank < 5) return stock(args);
    const raised = (x: tf.TensorInfo): tf.TensorInfo => ({
      dataId: x.dataId,
      dtype: x.dtype,
      shape: [...new Array<number>(rank - x.shape.length).fill(1), ...x.shape],
    });
    const inputs = { a: raised(a), b: raised(b) };
    return stock({ ...args, inputs });
  };
}
