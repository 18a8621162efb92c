import type * as tf from '@tensorflow/tfjs';
import type { WasmBackend } from '../backend';

/** Tells the next jobs over windows what convolution or pooling they are of. */
export function setGeometry(backend: WasmBackend, info: tf.backend_util.Conv2DInfo): void {
  backend.wasm.convGeometry(
    info.batchSize,
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.outHeight,
    info.outWidth,
    info.outChannels,
    info.filterHeight,
    info.filterWidth,
    info.strideHeight,
    info.strideWidth,
    info.padInfo.top,
    info.padInfo.left,
    info.dilationHeight,
    info.dilationWidth,
  );
}
