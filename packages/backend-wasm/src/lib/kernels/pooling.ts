import * as tf from '@tensorflow/tfjs';
import type { WasmBackend } from '../backend';
import { filled } from './elementwise';
import { type FastKernel, isFloat, type KernelArguments, sizeOf } from './kernel';

type Shape4D = [number, number, number, number];

interface PoolAttributes {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

interface Pool3dAttributes {
  readonly filterSize: number | [number, number, number];
  readonly strides: number | [number, number, number];
  readonly pad: 'valid' | 'same' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function infoOf(attrs: Record<string, unknown>, x: tf.TensorInfo): tf.backend_util.Conv2DInfo {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as PoolAttributes;
  const shape = x.shape as Shape4D;
  return tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
}

/** `small` is the shape of the output: the gradients of tfjs do not pass on how it was rounded. */
function setGeometry(
  backend: WasmBackend,
  info: tf.backend_util.Conv2DInfo,
  small: readonly number[],
): void {
  const [batch, h, w, channels] = info.inShape;
  const [, smallH, smallW] = small as Shape4D;
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info;
  backend.wasm.convGeometry(
    ...([batch, h, w, channels, smallH, smallW, channels] as const),
    ...([filterHeight, filterWidth, strideHeight, strideWidth] as const),
    ...([padInfo.top, padInfo.left, 1, 1] as const),
  );
}

/** A window with a NaN gives NaN, where the stock kernel of max pooling passes over it. */
function pooling(name: string, wasmName: 'maxPool' | 'avgPool'): FastKernel {
  return {
    name,
    run({ inputs, attrs, backend }: KernelArguments) {
      const x = inputs['x']!;
      if (!isFloat(x)) return undefined;
      const info = infoOf(attrs, x);
      const y = backend.output(info.outShape);
      if (sizeOf(y) === 0) return y;
      setGeometry(backend, info, info.outShape);
      backend.wasm[wasmName](backend.address(x), backend.address(y));
      return y;
    },
  };
}

/**
 * The stock gradient of average pooling divides by the whole window even at borders, where the
 * forward pass divides by the cells inside the picture; here both divide by the latter.
 */
function poolingGradient(
  name: string,
  run: (backend: WasmBackend, x: number, dy: number, dx: number) => void,
): FastKernel {
  return {
    name,
    run({ inputs, attrs, backend }: KernelArguments) {
      const { dy, input } = inputs as Record<'dy' | 'input', tf.TensorInfo>;
      if (!isFloat(dy, input)) return undefined;
      const dx = filled(backend, input.shape, 0);
      if (sizeOf(dx) === 0 || sizeOf(dy) === 0) return dx;
      setGeometry(backend, infoOf(attrs, input), dy.shape);
      run(backend, backend.address(input), backend.address(dy), backend.address(dx));
      return dx;
    },
  };
}

/** Over height and width, then over depth: the maximum of those of equal windows. */
const maxPool3d: FastKernel = {
  name: 'MaxPool3D',
  run({ inputs, attrs, backend }) {
    const x = inputs['x']!;
    if (!isFloat(x)) return undefined;
    const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as Pool3dAttributes;
    const shape = x.shape as [number, number, number, number, number];
    const info = tf.backend_util.computePool3DInfo(
      shape,
      filterSize,
      strides,
      1,
      pad,
      dimRoundingMode,
    );
    const y = backend.output(info.outShape);
    if (sizeOf(y) === 0) return y;
    const { batchSize, inDepth, inHeight, inWidth, outDepth, outHeight, outWidth, padInfo } = info;
    const { filterDepth, filterHeight, filterWidth } = info;
    const { strideDepth, strideHeight, strideWidth } = info;
    const channels = shape[4];
    const { wasm } = backend;
    const planes = backend.output([batchSize * inDepth, outHeight, outWidth, channels]);
    wasm.convGeometry(
      ...([
        batchSize * inDepth,
        inHeight,
        inWidth,
        channels,
        outHeight,
        outWidth,
        channels,
      ] as const),
      ...([filterHeight, filterWidth, strideHeight, strideWidth] as const),
      ...([padInfo.top, padInfo.left, 1, 1] as const),
    );
    wasm.maxPool(backend.address(x), backend.address(planes));
    const plane = outHeight * outWidth;
    wasm.convGeometry(
      ...([batchSize, inDepth, plane, channels, outDepth, plane, channels] as const),
      ...([filterDepth, 1, strideDepth, 1, padInfo.front, 0, 1, 1] as const),
    );
    wasm.maxPool(backend.address(planes), backend.address(y));
    backend.disposeIntermediateTensorInfo(planes);
    return y;
  },
};

export const poolingKernels: readonly FastKernel[] = [
  maxPool3d,
  pooling('MaxPool', 'maxPool'),
  pooling('AvgPool', 'avgPool'),
  poolingGradient('MaxPoolGrad', ({ wasm }, x, dy, dx) => wasm.maxPoolGrad(x, dy, dx)),
  poolingGradient('AvgPoolGrad', ({ wasm }, _, dy, dx) => wasm.avgPoolGrad(dy, dx)),
];
