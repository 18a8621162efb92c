import * as tf from '@tensorflow/tfjs';
import { complexKernels } from './complex';
import { cropAndResize, type CropAndResizeAttrs } from './crop-and-resize';
import { dilation2d, type DilationAttrs } from './dilation-2d';
import type { RunKernel, Taped } from './gradient-config';
import { localResponseNormalization, type LocalResponseAttrs } from './local-response';
import { cumprod, type CumprodAttrs, prod, type ProdAttrs } from './products';
import { rotate, type RotateAttrs } from './rotate';
import { transform, type TransformAttrs } from './transform';

interface Pool2dAttrs {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number;
}

interface Pool3dAttrs {
  readonly filterSize: number | [number, number, number];
  readonly strides: number | [number, number, number];
  readonly pad: 'same' | 'valid' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

type Pool2d = typeof tf.maxPool | typeof tf.avgPool;

const triple = (value: number | [number, number, number]) =>
  typeof value === 'number' ? ([value, value, value] as const) : value;

/** Pools over height and width, then over depth: the extremum or mean of those of equal windows. */
function byPlanes(pool: Pool2d, input: tf.Tensor, attrs: Pool3dAttrs): tf.Tensor {
  const { pad, dimRoundingMode } = attrs;
  const [depthSize, ...size] = triple(attrs.filterSize);
  const [depthStride, ...strides] = triple(attrs.strides);
  const [batch, depth, height, width, channels] = input.shape as [
    ...[number, number, number],
    ...[number, number],
  ];
  const pictures = tf.reshape(input, [batch * depth, height, width, channels]) as tf.Tensor4D;
  const planes = pool(pictures, size, strides, pad, dimRoundingMode);
  const [, newHeight, newWidth] = planes.shape;
  const columns = tf.reshape(planes, [batch, depth, newHeight * newWidth, channels]);
  const depthPad: tf.backend_util.ExplicitPadding | 'same' | 'valid' =
    typeof pad === 'number'
      ? [
          [0, 0],
          [pad, pad],
          [0, 0],
          [0, 0],
        ]
      : pad;
  const pooled = pool(
    columns as tf.Tensor4D,
    [depthSize, 1],
    [depthStride, 1],
    depthPad as 'same',
    dimRoundingMode,
  );
  return tf.reshape(pooled, [batch, pooled.shape[1], newHeight, newWidth, channels]);
}

const pooling3d =
  (pool: Pool2d): Taped =>
  ({ x }, attrs) =>
    byPlanes(pool, x!, attrs as unknown as Pool3dAttrs);

/** What a tape is to record in place of a kernel that it cannot, or whose gradient is wrong. */
const tapedKernels = (): Record<string, Taped> => ({
  // A tape takes every input for a tensor, and the gradient multiplies by the scale.
  FusedBatchNorm: (inputs, attrs, run) => {
    const { shape } = inputs['mean']!;
    const { offset = tf.zeros(shape), scale = tf.ones(shape) } = inputs;
    return run('FusedBatchNorm', { ...inputs, offset, scale }, attrs) as tf.Tensor;
  },
  // The kernels of their gradients are wrong at borders and have no gradients; those in two
  // dimensions do.
  MaxPool3D: pooling3d(tf.maxPool),
  AvgPool3D: pooling3d(tf.avgPool),
  // The places have no gradient.
  MaxPoolWithArgmax: (inputs, attrs, run) => {
    const { filterSize, strides, pad } = attrs as unknown as Pool2dAttrs;
    const [, places] = run('MaxPoolWithArgmax', inputs, attrs) as [tf.Tensor, tf.Tensor];
    return [tf.maxPool(inputs['x'] as tf.Tensor4D, filterSize, strides, pad), places];
  },
  // The gradient of the one needs that of the other, which is not there. Integers have none.
  Prod: (inputs, attrs, run) =>
    inputs['x']!.dtype === 'float32'
      ? prod(inputs['x']!, attrs as unknown as ProdAttrs)
      : run('Prod', inputs, attrs),
  Cumprod: (inputs, attrs, run) =>
    inputs['x']!.dtype === 'float32'
      ? cumprod(inputs['x']!, attrs as unknown as CumprodAttrs)
      : run('Cumprod', inputs, attrs),
  // The kernels have no gradients, or no second ones.
  CropAndResize: ({ image, boxes, boxInd }, attrs) =>
    cropAndResize(image!, boxes!, boxInd!, attrs as unknown as CropAndResizeAttrs),
  Transform: ({ image, transforms }, attrs) =>
    transform(image!, transforms!, attrs as unknown as TransformAttrs),
  RotateWithOffset: ({ image }, attrs) => rotate(image!, attrs as unknown as RotateAttrs),
  Dilation2D: ({ x, filter }, attrs) => dilation2d(x!, filter!, attrs as unknown as DilationAttrs),
  ...complexKernels(),
  LRN: ({ x }, attrs) => localResponseNormalization(x!, attrs as unknown as LocalResponseAttrs),
});

/** Makes tapes record {@link tapedKernels}; without a tape, kernels run as ever. */
export function repairTapedKernels(): void {
  const engine = tf.engine();
  const stock = engine.runKernel.bind(engine) as RunKernel;
  const taped = tapedKernels();
  const repaired: RunKernel = (kernelName, inputs, attrs) => {
    const record = engine.isTapeOn() ? taped[kernelName] : undefined;
    return record ? record(inputs, attrs ?? {}, stock) : stock(kernelName, inputs, attrs);
  };
  engine.runKernel = repaired as typeof engine.runKernel;
}
