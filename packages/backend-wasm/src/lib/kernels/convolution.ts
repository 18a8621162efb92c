import * as tf from '@tensorflow/tfjs';
import { WasmBackendError } from '../errors';
import { epilogueOf } from './activation';
import {
  backwardInputPlan,
  forwardPlan,
  winogradBackwardFilter,
  winogradBackwardInput,
  winogradForward,
  worthwhile,
} from './winograd';
import { setGeometry } from './geometry';
import { type FastKernel, isFloat, type KernelArguments, sizeOf } from './kernel';

type ConvInfo = tf.backend_util.Conv2DInfo;

export interface ConvAttributes {
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly inputShape?: [number, number, number, number];
  readonly filterShape?: [number, number, number, number];
  readonly activation?: string;
  readonly leakyreluAlpha?: number;
}

/** Pixels outside the picture are read from a page of zeros of this many channels. */
const MAX_CHANNELS = 16384;
/** Taps whose addresses fit the scratch table of assembly/layout.ts, for four rows at the least. */
export const MAX_TAPS = 1024;
/** Most memory for a matrix that is only made to be added up. */
const COLUMNS_BYTES = 2 ** 24;
/** Below this many input channels the inner loops over channels are too short to pay. */
const FEW_CHANNELS = 8;

function infoOf(
  attrs: Record<string, unknown>,
  x: number[],
  filter: number[],
): ConvInfo | undefined {
  const { strides, pad, dilations, dimRoundingMode, dataFormat } =
    attrs as unknown as ConvAttributes;
  if (dataFormat === 'NCHW') return undefined;
  const info = tf.backend_util.computeConv2DInfo(
    x as [number, number, number, number],
    filter as [number, number, number, number],
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    false,
  );
  // Two negative sizes make a tensor of positive size, which the stock kernel fills with zeros.
  if (info.outHeight < 0 || info.outWidth < 0) {
    throw new WasmBackendError(
      `backend-wasm: a filter of [${filter.join(',')}] with dilations [${info.dilationHeight},` +
        `${info.dilationWidth}] does not fit into pictures of [${x.join(',')}]; pad them`,
    );
  }
  const taps = info.filterHeight * info.filterWidth;
  const fits = Math.max(info.inChannels, info.outChannels) <= MAX_CHANNELS && taps <= MAX_TAPS;
  return fits ? info : undefined;
}

/** Sizes of the convolution as a matrix product: pixels × (taps·inChannels) × outChannels. */
function matrixOf(info: ConvInfo): { pixels: number; depth: number } {
  return {
    pixels: info.batchSize * info.outHeight * info.outWidth,
    depth: info.filterHeight * info.filterWidth * info.inChannels,
  };
}

function conv2d({ inputs, attrs, backend }: KernelArguments): tf.TensorInfo | undefined {
  const { x, filter, bias, preluActivationWeights } = inputs as Record<string, tf.TensorInfo>;
  const info = infoOf(attrs, x!.shape, filter!.shape);
  const epilogue = epilogueOf(backend, attrs as unknown as ConvAttributes, preluActivationWeights);
  if (info === undefined || epilogue === undefined || !isFloat(x, filter, bias)) return undefined;
  if (bias !== undefined && sizeOf(bias) !== info.outChannels) return undefined;
  const y = backend.output(info.outShape);
  if (sizeOf(y) === 0) return y;
  const { wasm } = backend;
  const { pixels, depth } = matrixOf(info);
  const n = info.outChannels;
  const biasAddress = bias === undefined ? 0 : backend.address(bias);
  const { activation, alpha } = epilogue;
  const plan = worthwhile(forwardPlan(info));
  if (plan) {
    winogradForward(
      backend,
      plan,
      backend.address(x!),
      backend.address(filter!),
      backend.address(y),
      biasAddress,
      epilogue,
    );
    return epilogue.finish(y, true);
  }
  setGeometry(backend, info);
  const direct = (matrix: number) =>
    wasm.convForward(
      backend.address(x!),
      matrix,
      backend.address(y),
      biasAddress,
      activation,
      alpha,
    );
  if (info.inChannels >= FEW_CHANNELS && wasm.takesPlain(pixels)) {
    direct(backend.address(filter!));
    return epilogue.finish(y, true);
  }
  backend.withWorkspace(wasm.packedBytes(depth, n), (packed) => {
    wasm.packB(packed, backend.address(filter!), depth, n, n, 1);
    if (info.inChannels >= FEW_CHANNELS) {
      direct(packed);
      return;
    }
    backend.withWorkspace(pixels * depth * 4, (columns) => {
      wasm.im2col(backend.address(x!), columns);
      wasm.matMulRows(
        columns,
        packed,
        backend.address(y),
        biasAddress,
        pixels,
        depth,
        n,
        depth,
        activation,
        alpha,
        1,
      );
    });
  });
  return epilogue.finish(y, true);
}

function conv2dBackpropInput({
  inputs,
  attrs,
  backend,
}: KernelArguments): tf.TensorInfo | undefined {
  const { dy, filter } = inputs as Record<'dy' | 'filter', tf.TensorInfo>;
  const info = infoOf(attrs, (attrs as unknown as ConvAttributes).inputShape!, filter.shape);
  if (info === undefined || !isFloat(dy, filter)) return undefined;
  const dx = backend.output(info.inShape);
  if (sizeOf(dx) === 0) return dx;
  const { wasm } = backend;
  const { pixels, depth } = matrixOf(info);
  const n = info.outChannels;
  if (sizeOf(dy) === 0) {
    wasm.fillFloat(backend.address(dx), sizeOf(dx), 0);
    return dx;
  }
  const plan = worthwhile(backwardInputPlan(info));
  if (plan) {
    const [from, to] = [backend.address(dy), backend.address(dx)];
    winogradBackwardInput(backend, plan, from, backend.address(filter), to);
    return dx;
  }
  setGeometry(backend, info);
  if (info.inChannels >= FEW_CHANNELS) {
    const taps = info.filterHeight * info.filterWidth;
    backend.withWorkspace(wasm.packedBytes(taps * n, info.inChannels), (packed) => {
      wasm.packTransposedFilter(backend.address(filter), packed);
      wasm.convBackwardInput(backend.address(dy), packed, backend.address(dx), 0, 0, 0);
    });
    return dx;
  }
  // Some pictures at a time: the columns of all would take kernel height × width times their memory.
  const rowsOf = pixels / info.batchSize;
  const most = Math.max(1, Math.floor(COLUMNS_BYTES / (rowsOf * depth * 4)));
  backend.withWorkspace(wasm.packedBytes(n, depth), (packed) => {
    wasm.packB(packed, backend.address(filter), n, depth, 1, n);
    backend.withWorkspace(Math.min(most, info.batchSize) * rowsOf * depth * 4, (columns) => {
      for (let first = 0; first < info.batchSize; first += most) {
        const batchSize = Math.min(most, info.batchSize - first);
        setGeometry(backend, { ...info, batchSize });
        const from = backend.address(dy) + first * rowsOf * n * 4;
        const to = backend.address(dx) + (first * sizeOf(dx) * 4) / info.batchSize;
        wasm.matMulRows(from, packed, columns, 0, batchSize * rowsOf, n, depth, n, 0, 0, 1);
        wasm.col2im(columns, to, 0);
      }
    });
  });
  return dx;
}

function conv2dBackpropFilter({
  inputs,
  attrs,
  backend,
}: KernelArguments): tf.TensorInfo | undefined {
  const { x, dy } = inputs as Record<'x' | 'dy', tf.TensorInfo>;
  const info = infoOf(attrs, x.shape, (attrs as unknown as ConvAttributes).filterShape!);
  if (info === undefined || !isFloat(x, dy)) return undefined;
  const dw = backend.output(info.filterShape);
  if (sizeOf(dw) === 0) return dw;
  const { wasm } = backend;
  const { pixels, depth } = matrixOf(info);
  const n = info.outChannels;
  if (sizeOf(dy) === 0) {
    wasm.fillFloat(backend.address(dw), sizeOf(dw), 0);
    return dw;
  }
  const plan = worthwhile(forwardPlan(info));
  if (plan) {
    const [ofX, ofDy] = [backend.address(x), backend.address(dy)];
    winogradBackwardFilter(backend, plan, ofX, ofDy, backend.address(dw));
    return dw;
  }
  setGeometry(backend, info);
  backend.withWorkspace(wasm.packedBytes(pixels, n), (packed) => {
    wasm.packB(packed, backend.address(dy), pixels, n, n, 1);
    if (info.inChannels >= FEW_CHANNELS) {
      wasm.convBackwardFilter(backend.address(x), packed, backend.address(dw));
      return;
    }
    backend.withWorkspace(pixels * depth * 4, (columns) => {
      wasm.im2col(backend.address(x), columns);
      wasm.matMulColumns(columns, packed, backend.address(dw), depth, pixels, n, depth, 1, false);
    });
  });
  return dw;
}

export const convolutionKernels: readonly FastKernel[] = [
  { name: 'Conv2D', run: conv2d },
  { name: 'FusedConv2D', run: conv2d },
  { name: 'Conv2DBackpropInput', run: conv2dBackpropInput },
  { name: 'Conv2DBackpropFilter', run: conv2dBackpropFilter },
];
