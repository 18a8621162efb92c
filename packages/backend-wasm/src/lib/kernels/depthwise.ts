import * as tf from '@tensorflow/tfjs';
import type { WasmBackend } from '../backend';
import { epilogueOf } from './activation';
import { type ConvAttributes, MAX_TAPS } from './convolution';
import { setGeometry } from './geometry';
import { type FastKernel, isFloat, type KernelArguments, sizeOf } from './kernel';
import { reduceMiddle } from './reduction';
import { REDUCTION } from './operations';
import { copyLoop } from './shape';

// With a channel multiplier m every input channel meets m filters. The module knows m = 1 only;
// for others each channel of x is repeated m times, and gradients of the copies are added up.

type ConvInfo = tf.backend_util.Conv2DInfo;
type Shape4D = [number, number, number, number];

/** The convolution over outChannels channels, or undefined if the module does not cover it. */
function infoOf(
  attrs: Record<string, unknown>,
  x: readonly number[],
  filter: readonly number[],
): ConvInfo | undefined {
  const { strides, pad, dilations, dimRoundingMode, dataFormat } =
    attrs as unknown as ConvAttributes;
  if (dataFormat === 'NCHW') return undefined;
  const info = tf.backend_util.computeConv2DInfo(
    x as Shape4D,
    filter as Shape4D,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    true,
  );
  return info.filterHeight * info.filterWidth <= MAX_TAPS ? info : undefined;
}

/** Runs `use` with the address of x, each channel `times` times. */
function withRepeatedChannels<T>(
  backend: WasmBackend,
  x: tf.TensorInfo,
  times: number,
  use: (address: number) => T,
): T {
  if (times === 1) return use(backend.address(x));
  return backend.withWorkspace(sizeOf(x) * times * 4, (wide) => {
    const loop = { sizes: [sizeOf(x), times], a: [1, 0], b: [times, 1] };
    copyLoop(backend, backend.address(x), wide, loop);
    return use(wide);
  });
}

function depthwise({ inputs, attrs, backend }: KernelArguments): tf.TensorInfo | undefined {
  const { x, filter, bias, preluActivationWeights } = inputs as Record<string, tf.TensorInfo>;
  const info = infoOf(attrs, x!.shape, filter!.shape);
  const epilogue = epilogueOf(backend, attrs as unknown as ConvAttributes, preluActivationWeights);
  if (info === undefined || epilogue === undefined || !isFloat(x, filter, bias)) return undefined;
  if (bias !== undefined && sizeOf(bias) !== info.outChannels) return undefined;
  const y = backend.output(info.outShape);
  if (sizeOf(y) === 0) return y;
  withRepeatedChannels(backend, x!, info.outChannels / info.inChannels, (address) => {
    setGeometry(backend, { ...info, inChannels: info.outChannels });
    backend.wasm.depthwiseForward(
      address,
      backend.address(filter!),
      backend.address(y),
      bias === undefined ? 0 : backend.address(bias),
    );
  });
  return epilogue.finish(y, false);
}

function backpropInput({ inputs, attrs, backend }: KernelArguments): tf.TensorInfo | undefined {
  const { dy, filter } = inputs as Record<'dy' | 'filter', tf.TensorInfo>;
  const info = infoOf(attrs, (attrs as unknown as ConvAttributes).inputShape!, filter.shape);
  if (info === undefined || !isFloat(dy, filter)) return undefined;
  const dx = backend.output(info.inShape);
  if (sizeOf(dx) === 0) return dx;
  const times = info.outChannels / info.inChannels;
  const run = (to: number) => {
    setGeometry(backend, { ...info, inChannels: info.outChannels });
    backend.wasm.depthwiseBackwardInput(backend.address(dy), backend.address(filter), to);
  };
  if (times === 1) {
    run(backend.address(dx));
    return dx;
  }
  backend.withWorkspace(sizeOf(dx) * times * 4, (wide) => {
    run(wide);
    reduceMiddle(backend, REDUCTION.Sum, wide, dx, sizeOf(dx), times, 1, 1);
  });
  return dx;
}

function backpropFilter({ inputs, attrs, backend }: KernelArguments): tf.TensorInfo | undefined {
  const { x, dy } = inputs as Record<'x' | 'dy', tf.TensorInfo>;
  const info = infoOf(attrs, x.shape, (attrs as unknown as ConvAttributes).filterShape!);
  if (info === undefined || !isFloat(x, dy)) return undefined;
  const dw = backend.output(info.filterShape);
  if (sizeOf(dw) === 0) return dw;
  withRepeatedChannels(backend, x, info.outChannels / info.inChannels, (address) => {
    setGeometry(backend, { ...info, inChannels: info.outChannels });
    backend.wasm.depthwiseBackwardFilter(address, backend.address(dy), backend.address(dw));
  });
  return dw;
}

export const depthwiseKernels: readonly FastKernel[] = [
  { name: 'DepthwiseConv2dNative', run: depthwise },
  { name: 'FusedDepthwiseConv2D', run: depthwise },
  { name: 'DepthwiseConv2dNativeBackpropInput', run: backpropInput },
  { name: 'DepthwiseConv2dNativeBackpropFilter', run: backpropFilter },
];
