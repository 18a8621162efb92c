import type * as tf from '@tensorflow/tfjs';

/** ArgMax and ArgMin, of a vector a scalar; the stock kernels give a tensor of shape [1]. */
export function placeIsScalar(stock: tf.KernelFunc): tf.KernelFunc {
  return (args) => {
    const place = stock(args) as tf.TensorInfo;
    const isVector = (args.inputs['x'] as tf.TensorInfo).shape.length === 1;
    return isVector ? { ...place, shape: [] } : place;
  };
}
