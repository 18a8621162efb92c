import { memberOf, type Critique, type Sample, unpack, requireNumbers } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { boundedExp } from './bounded-exp';
import { requireShape } from './require-shape';
import { outputOf } from './critique-output';

/** A part of what G was asked to show, and what D thinks it was. */
export interface Code {
  readonly name: string;
  /** How much it counts beside the other codes of a term. */
  readonly weight: number;
  /**
   * −E log Q(c|x), nats, of the codes in a sample under the predictions in its critique. In a packed
   * game, predictions of a pack `[batch/m, m·size]` are those of its examples side by side.
   */
  negativeLogLikelihood(sample: Sample, critique: Critique): tf.Scalar;
}

/** Settings of {@link categoricalCode}. */
export interface CategoricalCodeOptions {
  /** The sample's member: int32 classes `[batch]`, or one-hot rows `[batch, classes]`. Default `category`. */
  readonly code?: string;
  /** The critique's output: logits `[batch, classes]`. Default `categoryLogits`. */
  readonly logits?: string;
  /** Default 1. */
  readonly weight?: number;
}

/**
 * A code of one class of several, with the cross-entropy −E log softmax(logits)_c.
 *
 * @throws UsageError if the weight is negative; `negativeLogLikelihood` a GanloomError if code and logits differ
 *   in shape.
 */
export function categoricalCode({
  code = 'category',
  logits = 'categoryLogits',
  weight = 1,
}: CategoricalCodeOptions = {}): Code {
  requireNumbers('categoricalCode', { weight }, { min: 0 });
  return {
    name: code,
    weight,
    negativeLogLikelihood: (sample, critique) =>
      tf.tidy(() => {
        const given = memberOf('categoricalCode', sample, code);
        const predicted = perExample(given, outputOf('categoricalCode', critique, logits));
        const classes = predicted.shape.at(-1)!;
        const rows = given.rank === 1 ? tf.oneHot(tf.cast(given, 'int32'), classes) : given;
        requirePrediction('categoricalCode', code, rows, predicted);
        const logLikelihood = tf.mul(tf.logSoftmax(predicted), tf.cast(rows, 'float32'));
        return tf.neg(tf.mean(tf.sum(logLikelihood, 1))) as tf.Scalar;
      }),
  };
}

/** Settings of {@link gaussianCode}. */
export interface GaussianCodeOptions {
  /** The sample's member: float32 numbers `[batch, size]`. Default `style`. */
  readonly code?: string;
  /** The critique's output: means `[batch, size]`. Default `styleMean`. */
  readonly mean?: string;
  /** The critique's output: log σ `[batch, size]`. Without it σ is 1, as in the authors' code. */
  readonly logDeviation?: string;
  /** Default 1; the paper takes less than for classes. */
  readonly weight?: number;
}

/**
 * A code of numbers, with the Gaussian negative log-likelihood
 * E Σ ½ ((c − μ)/σ)² + log σ + ½ log 2π, summed over the numbers of an example. Precisions σ⁻² go on as
 * their tangent from e²⁰.
 *
 * @throws UsageError if the weight is negative; `negativeLogLikelihood` a GanloomError if codes and means differ
 *   in shape.
 */
export function gaussianCode({
  code = 'style',
  mean = 'styleMean',
  logDeviation,
  weight = 1,
}: GaussianCodeOptions = {}): Code {
  requireNumbers('gaussianCode', { weight }, { min: 0 });
  return {
    name: code,
    weight,
    negativeLogLikelihood: (sample, critique) =>
      tf.tidy(() => {
        const given = memberOf('gaussianCode', sample, code);
        const predicted = perExample(given, outputOf('gaussianCode', critique, mean));
        requirePrediction('gaussianCode', code, given, predicted);
        let perValue = tf.mul(tf.squaredDifference(given, predicted), 0.5);
        if (logDeviation !== undefined) {
          const spread = perExample(given, outputOf('gaussianCode', critique, logDeviation));
          perValue = tf.add(tf.mul(perValue, boundedExp(tf.mul(spread, -2))), spread);
        }
        const size = given.size / given.shape[0]!;
        const constant = (size / 2) * Math.log(2 * Math.PI);
        return tf.add(tf.div(tf.sum(perValue), given.shape[0]!), constant) as tf.Scalar;
      }),
  };
}

/** Predictions of packs taken apart; what fits no packs stays as it is. */
function perExample(given: tf.Tensor, predicted: tf.Tensor): tf.Tensor {
  const degree = given.shape[0]! / predicted.shape[0]!;
  const fits = Number.isInteger(degree) && predicted.shape.at(-1)! % degree === 0;
  return fits && degree > 1 ? unpack(predicted, degree) : predicted;
}

function requirePrediction(
  where: string,
  code: string,
  given: tf.Tensor,
  predicted: tf.Tensor,
): void {
  const remedy = 'let the critique predict as many values as the code has';
  requireShape(where, [`the code "${code}"`, given], ['its prediction', predicted], remedy);
}
