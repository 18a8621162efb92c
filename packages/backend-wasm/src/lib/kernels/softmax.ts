import * as tf from '@tensorflow/tfjs';
import { type FastKernel, isFloat, sizeOf } from './kernel';

const softmax: FastKernel = {
  name: 'Softmax',
  run({ inputs, attrs, backend }) {
    const x = inputs['logits']!;
    const axis = tf.util.parseAxisParam(attrs['dim'] as number, x.shape)[0]!;
    if (!isFloat(x) || axis !== x.shape.length - 1) return undefined;
    const y = backend.output(x.shape);
    const n = x.shape[axis]!;
    if (sizeOf(x) > 0)
      backend.wasm.softmax(backend.address(x), backend.address(y), sizeOf(x) / n, n);
    return y;
  },
};

export const softmaxKernels: readonly FastKernel[] = [softmax];
