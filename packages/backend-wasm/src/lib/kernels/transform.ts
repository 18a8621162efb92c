import * as tf from '@tensorflow/tfjs';
import { type FastKernel, sizeOf } from './kernel';

/** One picture after the other by the stock kernel, which leaves after the first of a batch. */
export const transform: FastKernel = {
  name: 'Transform',
  run({ inputs, attrs, backend }) {
    const { image, transforms } = inputs as Record<'image' | 'transforms', tf.TensorInfo>;
    const [batch, ...picture] = image.shape as [number, number, number, number];
    if (batch < 2 || sizeOf(image) === 0) return undefined;
    const stock = tf.getKernel('Transform', 'cpu')!.kernelFunc;
    const [height, width] = (attrs['outputShape'] as [number, number] | undefined) ?? picture;
    const y = backend.output([batch, height, width, picture[2]], image.dtype);
    const size = sizeOf(y) / batch;
    const row = (x: tf.TensorInfo, b: number, shape: number[]) => {
      const length = tf.util.sizeFromShape(shape);
      const values = backend.values(x).slice(b * length, (b + 1) * length);
      return backend.makeTensorInfo(shape, x.dtype, values);
    };
    for (let b = 0; b < batch; b++) {
      const one = {
        image: row(image, b, [1, ...picture]),
        transforms: row(transforms, transforms.shape[0] === 1 ? 0 : b, [1, 8]),
      };
      const moved = stock({ inputs: one, attrs: attrs as unknown as tf.NamedAttrMap, backend });
      const result = moved as tf.TensorInfo;
      backend.values(y).set(backend.values(result), b * size);
      for (const part of [one.image, one.transforms, result]) {
        backend.disposeIntermediateTensorInfo(part);
      }
    }
    return y;
  },
};
