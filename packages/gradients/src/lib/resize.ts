import * as tf from '@tensorflow/tfjs';
import { gradientConfig } from './gradient-config';

interface ResizeAttrs {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
  readonly size: [number, number];
}

/** The weights of the input's pixels in output pixel `i` along one dimension. */
type Weights = (
  i: number,
  ratio: number,
  size: number,
  attrs: ResizeAttrs,
) => [pixel: number, weight: number][];

const nearest: Weights = (i, ratio, size, { alignCorners, halfPixelCenters }) => {
  const at = ratio * (halfPixelCenters ? i + 0.5 : i);
  const pixel = alignCorners ? Math.round(at) : Math.floor(at);
  return [[Math.min(size - 1, pixel), 1]];
};

const bilinear: Weights = (i, ratio, size, { halfPixelCenters }) => {
  const at = halfPixelCenters ? ratio * (i + 0.5) - 0.5 : ratio * i;
  const low = Math.max(0, Math.floor(at));
  const high = Math.min(size - 1, Math.ceil(at));
  return [
    [low, 1 - (at - low)],
    [high, at - low],
  ];
};

/** The matrix `[1, from, to]` that maps a gradient along one dimension back to the input. */
function matrix(weights: Weights, from: number, to: number, attrs: ResizeAttrs): tf.Tensor3D {
  const corners = attrs.alignCorners && to > 1 ? 1 : 0;
  const ratio = (from - corners) / (to - corners);
  const values = new Float32Array(from * to);
  for (let i = 0; i < to; i++) {
    for (const [pixel, weight] of weights(i, ratio, from, attrs)) values[pixel * to + i]! += weight;
  }
  return tf.tensor3d(values, [1, from, to]);
}

/**
 * A resize is linear and separable: a matrix along height and another along width. Their
 * transposes are the gradient, which is right on every backend and to every order; the stock
 * kernels for it are wrong in batches, pictures that are not square, and half-pixel centers.
 */
function byMatrices(kernelName: string, weights: Weights): tf.GradConfig {
  return gradientConfig(kernelName, ['images'], (dy, [images], attrs: ResizeAttrs) => ({
    images: () => {
      const [batch, height, width, channels] = images.shape as [number, number, number, number];
      const [newHeight, newWidth] = attrs.size;
      const rows = tf.matMul(
        matrix(weights, height, newHeight, attrs),
        tf.reshape(dy, [batch, newHeight, newWidth * channels]) as tf.Tensor3D,
      );
      const columns = tf.matMul(
        matrix(weights, width, newWidth, attrs),
        tf.reshape(rows, [batch * height, newWidth, channels]) as tf.Tensor3D,
      );
      return tf.reshape(columns, images.shape);
    },
  }));
}

/** Gradients of resizing pictures `[batch, height, width, channels]`. */
export const resizeGradients = (): readonly tf.GradConfig[] => [
  byMatrices('ResizeNearestNeighbor', nearest),
  byMatrices('ResizeBilinear', bilinear),
];
