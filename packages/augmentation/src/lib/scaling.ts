import { requireNumbers } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { alongAxes } from './along-axes';
import { type Augmentation, shapeOfImages } from './augmentation';

/** Settings of {@link isotropicScaling} and {@link anisotropicScaling}. */
export interface ScalingOptions {
  /** Standard deviation of log₂ of the factor; default 0.2, the paper's. */
  readonly deviation?: number;
}

/**
 * Makes each picture larger or smaller about its middle: by s = 2^N(0, σ²) in both directions, σ = 0.2.
 * What is outside of the picture is its mirror image.
 *
 * Karras et al. 2020 (ADA), arXiv 2006.06676, appendix B; they sample through a wavelet's filter, here
 * it is bilinear interpolation, so small pictures alias a little.
 *
 * @throws UsageError if `deviation` is negative.
 */
export function isotropicScaling({ deviation = 0.2 }: ScalingOptions = {}): Augmentation {
  return scaling('isotropicScaling', deviation, 1);
}

/**
 * Makes each picture higher and narrower about its middle, or lower and wider: the height by
 * s = 2^N(0, σ²), the width by 1/s, σ = 0.2. Otherwise as {@link isotropicScaling}.
 *
 * Karras et al. 2020 (ADA), arXiv 2006.06676, appendix B.
 *
 * @throws UsageError if `deviation` is negative.
 */
export function anisotropicScaling({ deviation = 0.2 }: ScalingOptions = {}): Augmentation {
  return scaling('anisotropicScaling', deviation, -1);
}

/** The height by s, the width by s to the power of `ofWidth`. */
function scaling(where: string, deviation: number, ofWidth: 1 | -1): Augmentation {
  requireNumbers(where, { deviation }, { min: 0 });
  return (images, random) => {
    const [batch, height, width] = shapeOfImages(where, images);
    return tf.tidy(() => {
      const logarithm = random.normal([batch, 1, 1], 0, deviation * Math.LN2);
      const rows = scalingMatrices(tf.exp(logarithm), height);
      const columns = scalingMatrices(tf.exp(tf.mul(logarithm, ofWidth)), width);
      return alongAxes(images, rows, columns);
    });
  };
}

/** `[batch, size, size]`: what shares the source's pixels have in each scaled one. */
function scalingMatrices(factors: tf.Tensor, size: number): tf.Tensor3D {
  const middle = (size - 1) / 2;
  const offsets = tf.reshape(tf.range(-middle, size - middle), [1, size, 1]);
  const position = tf.add(tf.div(offsets, factors), middle);
  const pixels = tf.reshape(tf.range(0, size), [1, 1, size]);
  return tf.relu(tf.sub(1, tf.abs(tf.sub(mirrored(position, size), pixels))));
}

/** Positions into [0, size − 1], as if mirrors stood on the outermost pixels. */
function mirrored(position: tf.Tensor, size: number): tf.Tensor {
  const last = size - 1;
  if (last === 0) return tf.zerosLike(position);
  return tf.sub(last, tf.abs(tf.sub(tf.mod(tf.abs(position), 2 * last), last)));
}
