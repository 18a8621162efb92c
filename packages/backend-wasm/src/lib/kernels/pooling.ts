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

/**
 * The stock kernel, which needs no speed, as only gradients of gradients call it. It stores the places
 * as float32 and calls them int32, which kernels that read words take at its word.
 */
const maxPoolWithArgmax: FastKernel = {
  name: 'MaxPoolWithArgmax',
  run({ inputs, attrs, backend }) {
    const stock = tf.getKernel('MaxPoolWithArgmax', 'cpu')!.kernelFunc({
      inputs: inputs as tf.NamedTensorInfoMap,
      attrs: attrs as unknown as tf.NamedAttrMap,
      backend,
    });
    const [pooled, places] = stock as [tf.TensorInfo, tf.TensorInfo];
    const values = Int32Array.from(backend.readSync(places.dataId) as tf.TypedArray);
    backend.disposeData(places.dataId);
    return [pooled, backend.makeTensorInfo(places.shape, 'int32', values)];
  },
};

export const poolingKernels: readonly FastKernel[] = [
  maxPoolWithArgmax,
  pooling('MaxPool', 'maxPool'),
  pooling('AvgPool', 'avgPool'),
  poolingGradient('MaxPoolGrad', ({ wasm }, x, dy, dx) => wasm.maxPoolGrad(x, dy, dx)),
  poolingGradient('AvgPoolGrad', ({ wasm }, _, dy, dx) => wasm.avgPoolGrad(dy, dx)),
];
