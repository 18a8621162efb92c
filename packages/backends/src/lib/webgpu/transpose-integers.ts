import type * as tf from '@tensorflow/tfjs';
import { flatProgram } from './flat-program';
import type { WebgpuBackend } from './webgpu-types';

const TYPES = ['i32', 'i32', 'vec2<i32>', 'vec3<i32>', 'vec4<i32>', 'vec5', 'vec6'];

/** Transpose, also of integers, for which the stock shader does not compile. */
export function transposeIntegers(stock: tf.KernelFunc): tf.KernelFunc {
  return (args) => {
    const x = args.inputs['x'] as tf.TensorInfo;
    const backend = args.backend as WebgpuBackend;
    // That of its buffer: a cast from integers to float32 leaves them there.
    const { dtype, values } = backend.tensorMap.get(x.dataId);
    const rank = x.shape.length;
    if (dtype === 'float32' || values || rank < 2 || rank > 6) return stock(args);
    const perm = args.attrs!['perm'] as readonly number[];
    const from: string[] = [];
    for (const [i, d] of perm.entries()) from[d] = `coords.${'xyzwuv'[i]}`;
    const program = flatProgram(
      `transpose_integers_${perm.join('_')}`,
      perm.map((d) => x.shape[d]!),
      `let coords = getCoordsFromIndex(index);
       let from = getIndexFromCoords${rank}D(${TYPES[rank]}(${from.join()}), uniforms.aShape);
       setOutputAtIndexI32(index, A[from]);`,
    );
    return backend.runWebGPUProgram(program, [x], x.dtype);
  };
}
