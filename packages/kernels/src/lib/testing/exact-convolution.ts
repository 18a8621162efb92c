import * as tf from '@tensorflow/tfjs';

type Info = tf.backend_util.Conv2DInfo;
type Values = ArrayLike<number>;

/** Calls `use` with the offsets of x, filter and y for each product of a convolution. */
export function eachProduct(info: Info, use: (x: number, filter: number, y: number) => void): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info;
  // In a depthwise one, each channel has filters and outputs of its own.
  const filters = info.filterShape[3];
  const step = filters === outChannels ? 0 : filters;
  for (let n = 0; n < batchSize; n++) {
    for (let oh = 0; oh < outHeight; oh++) {
      for (let ow = 0; ow < outWidth; ow++) {
        for (let kh = 0; kh < info.filterHeight; kh++) {
          for (let kw = 0; kw < info.filterWidth; kw++) {
            const h = oh * info.strideHeight + kh * info.dilationHeight - info.padInfo.top;
            const w = ow * info.strideWidth + kw * info.dilationWidth - info.padInfo.left;
            if (h < 0 || h >= inHeight || w < 0 || w >= inWidth) continue;
            const x = ((n * inHeight + h) * inWidth + w) * inChannels;
            const tap = (kh * info.filterWidth + kw) * inChannels;
            const y = ((n * outHeight + oh) * outWidth + ow) * outChannels;
            for (let c = 0; c < inChannels; c++) {
              for (let k = 0; k < filters; k++) {
                use(x + c, (tap + c) * filters + k, y + c * step + k);
              }
            }
          }
        }
      }
    }
  }
}

/** A convolution and, for the gradient dy of its output, its gradients, in float64. */
export function exactConvolution(info: Info, x: Values, filter: Values, dy: Values) {
  const [y, dx, dw] = [info.outShape, info.inShape, info.filterShape].map(
    (shape) => new Float64Array(tf.util.sizeFromShape(shape)),
  ) as [Float64Array, Float64Array, Float64Array];
  eachProduct(info, (a, b, c) => {
    y[c]! += x[a]! * filter[b]!;
    dx[a]! += dy[c]! * filter[b]!;
    dw[b]! += dy[c]! * x[a]!;
  });
  return { y, dx, dw };
}
