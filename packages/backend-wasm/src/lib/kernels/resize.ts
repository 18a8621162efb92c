import type * as tf from '@tensorflow/tfjs';
import type { WasmBackend } from '../backend';
import { filled } from './elementwise';
import { type FastKernel, isFloat, sizeOf } from './kernel';
import { isWord } from './shape';

interface ResizeAttributes {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
  readonly size: [number, number];
}

type Resize = (
  from: number,
  to: number,
  batch: number,
  h: number,
  w: number,
  channels: number,
  newH: number,
  newW: number,
  flags: number,
) => void;

/** Bits of assembly/resize.ts. */
function flagsOf({ alignCorners, halfPixelCenters }: ResizeAttributes): number {
  return (alignCorners ? 1 : 0) + (halfPixelCenters ? 2 : 0);
}

function resize(
  name: string,
  resizeOf: (backend: WasmBackend) => Resize,
  words: boolean,
): FastKernel {
  return {
    name,
    run({ inputs, attrs, backend }) {
      const x = inputs['images']!;
      if (words ? !isWord(x) : !isFloat(x)) return undefined;
      const options = attrs as unknown as ResizeAttributes;
      const [batch, h, w, channels] = x.shape as [number, number, number, number];
      const [newH, newW] = options.size;
      const y = backend.output([batch, newH, newW, channels], x.dtype);
      if (sizeOf(y) === 0 || sizeOf(x) === 0) return y;
      resizeOf(backend)(
        backend.address(x),
        backend.address(y),
        ...([batch, h, w, channels, newH, newW, flagsOf(options)] as const),
      );
      return y;
    },
  };
}

/**
 * The stock gradients ignore halfPixelCenters, and that of the nearest neighbor is wrong for more
 * than one picture; these follow the forward pass.
 */
function resizeGradient(name: string, resizeOf: (backend: WasmBackend) => Resize): FastKernel {
  return {
    name,
    run({ inputs, attrs, backend }) {
      const { images, dy } = inputs as Record<'images' | 'dy', tf.TensorInfo>;
      if (!isFloat(images, dy)) return undefined;
      const options = attrs as unknown as ResizeAttributes;
      const [batch, h, w, channels] = images.shape as [number, number, number, number];
      const [, newH, newW] = dy.shape as [number, number, number, number];
      const dx = filled(backend, images.shape, 0);
      if (sizeOf(dx) === 0 || sizeOf(dy) === 0) return dx;
      resizeOf(backend)(
        backend.address(dy),
        backend.address(dx),
        ...([batch, h, w, channels, newH, newW, flagsOf(options)] as const),
      );
      return dx;
    },
  };
}

export const resizeKernels: readonly FastKernel[] = [
  resize('ResizeNearestNeighbor', ({ wasm }) => wasm.resizeNearest, true),
  resize('ResizeBilinear', ({ wasm }) => wasm.resizeBilinear, false),
  resizeGradient('ResizeNearestNeighborGrad', ({ wasm }) => wasm.resizeNearestGrad),
  resizeGradient('ResizeBilinearGrad', ({ wasm }) => wasm.resizeBilinearGrad),
];
