import * as tf from '@tensorflow/tfjs';
import { type FastKernel, isFloat, sizeOf } from './kernel';

type Shape4 = [number, number, number, number];

/** Where windows lie, of pooling and of dilation. */
type Windows = Pick<
  tf.backend_util.Conv2DInfo,
  | 'inShape'
  | 'outShape'
  | 'filterHeight'
  | 'filterWidth'
  | 'strideHeight'
  | 'strideWidth'
  | 'dilationHeight'
  | 'dilationWidth'
  | 'padInfo'
>;

/**
 * Calls `use` with the place in the output of each window of `[batch, height, width, channels]`, the
 * largest of its values as `valueAt` has them, and the place in the input of that. NaN is larger than
 * all, where the stock kernels pass over it; of equals, the first counts.
 */
function eachMaximum(
  info: Windows,
  valueAt: (place: number, tap: number) => number,
  use: (output: number, value: number, place: number) => void,
): void {
  const [batch, height, width, channels] = info.inShape;
  const [, outHeight, outWidth] = info.outShape;
  let output = 0;
  for (let b = 0; b < batch; b++) {
    for (let y = 0; y < outHeight; y++) {
      for (let x = 0; x < outWidth; x++) {
        for (let c = 0; c < channels; c++) {
          let [largest, at] = [-Infinity, 0];
          for (let i = 0; i < info.filterHeight; i++) {
            const row = y * info.strideHeight - info.padInfo.top + i * info.dilationHeight;
            if (row < 0 || row >= height) continue;
            for (let j = 0; j < info.filterWidth; j++) {
              const column = x * info.strideWidth - info.padInfo.left + j * info.dilationWidth;
              if (column < 0 || column >= width) continue;
              const place = ((b * height + row) * width + column) * channels + c;
              const value = valueAt(place, (i * info.filterWidth + j) * channels + c);
              if (value > largest || (Number.isNaN(value) && !Number.isNaN(largest))) {
                [largest, at] = [value, place];
              }
            }
          }
          use(output++, largest, at);
        }
      }
    }
  }
}

interface PoolAttributes {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number;
  readonly includeBatchInIndex: boolean;
}

/** The stock kernel also stores the places as float32 and calls them int32. */
const maxPoolWithArgmax: FastKernel = {
  name: 'MaxPoolWithArgmax',
  run({ inputs, attrs, backend }) {
    const x = inputs['x']!;
    if (!isFloat(x)) return undefined;
    const { filterSize, strides, pad, includeBatchInIndex } = attrs as unknown as PoolAttributes;
    const shape = x.shape as Shape4;
    const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad);
    const [pooled, places] = [
      backend.output(info.outShape),
      backend.output(info.outShape, 'int32'),
    ];
    if (sizeOf(pooled) === 0) return [pooled, places];
    const [from, to, at] = [x, pooled, places].map((t) => backend.values(t)) as [
      ...[tf.TypedArray, tf.TypedArray],
      tf.TypedArray,
    ];
    const picture = sizeOf(x) / shape[0];
    eachMaximum(
      info,
      (place) => from[place]!,
      (output, value, place) => {
        to[output] = value;
        at[output] = includeBatchInIndex ? place : place % picture;
      },
    );
    return [pooled, places];
  },
};

interface DilationAttributes {
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number;
  readonly dilations: number | [number, number];
}

/** Morphological dilation: the largest of x + filter in each window. */
const dilation2d: FastKernel = {
  name: 'Dilation2D',
  run({ inputs, attrs, backend }) {
    const { x, filter } = inputs as Record<'x' | 'filter', tf.TensorInfo>;
    if (!isFloat(x, filter)) return undefined;
    const { strides, pad, dilations } = attrs as unknown as DilationAttributes;
    const info = tf.backend_util.computeDilation2DInfo(
      x.shape as Shape4,
      filter.shape as [number, number, number],
      strides,
      pad,
      'NHWC',
      dilations,
    );
    const y = backend.output(info.outShape);
    if (sizeOf(y) === 0) return y;
    const [from, added, to] = [x, filter, y].map((t) => backend.values(t)) as [
      ...[tf.TypedArray, tf.TypedArray],
      tf.TypedArray,
    ];
    eachMaximum(
      info,
      (place, tap) => from[place]! + added[tap]!,
      (output, value) => void (to[output] = value),
    );
    return y;
  },
};

export const maxWindowKernels: readonly FastKernel[] = [maxPoolWithArgmax, dilation2d];
