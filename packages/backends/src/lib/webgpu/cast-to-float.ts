import type * as tf from '@tensorflow/tfjs';
import { flatProgram } from './flat-program';
import type { WebgpuBackend } from './webgpu-types';

/**
 * Cast, to float32 by a copy. The stock kernel gives the integers a new name, and shaders that return
 * their input as it is, such as that of a convolution's input gradient, do not compile for them.
 */
export function castToFloat(stock: tf.KernelFunc): tf.KernelFunc {
  return (args) => {
    const x = args.inputs['x'] as tf.TensorInfo;
    const isInteger = x.dtype === 'int32' || x.dtype === 'bool';
    if (!isInteger || args.attrs!['dtype'] !== 'float32') return stock(args);
    const backend = args.backend as WebgpuBackend;
    const { values } = backend.tensorMap.get(x.dataId);
    if (values) return backend.makeTensorInfo(x.shape, 'float32', Float32Array.from(values));
    const program = flatProgram(
      'cast_to_float',
      x.shape,
      'setOutputAtIndex(index, getAByOutputIndex(index));',
    );
    return backend.runWebGPUProgram(program, [x], 'float32');
  };
}
