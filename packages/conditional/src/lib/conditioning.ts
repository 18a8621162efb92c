import type { Critique, Term } from '@ganloom/core';
import type { Architecture } from '@ganloom/models';
import type * as tf from '@tensorflow/tfjs';

/** Pictures with the classes that they show, or were asked to show: int32 `[batch]`. */
export type LabeledPictures = {
  readonly images: tf.Tensor4D;
  readonly labels: tf.Tensor1D;
};

/**
 * What a discriminator is shown: pictures with their classes, or in a packed game several pictures side
 * by side in the channels, `[packs, height, width, degree·channels]`, and as many classes,
 * `[packs, degree]`.
 */
export type JudgedPictures = {
  readonly images: tf.Tensor4D;
  readonly labels: tf.Tensor1D | tf.Tensor2D;
};

/**
 * How both players learn of labels: a value that makes the networks from an architecture's bodies.
 *
 * The networks come with whatever weights their layers give them; `conditionalGame` draws them anew
 * from its stream.
 */
export interface Conditioning {
  readonly name: string;
  /** From `[latents [batch, latentSize], labels [batch, 1]]` to pictures in [−1, 1]. */
  generator(architecture: Architecture, classes: number): tf.LayersModel;
  /**
   * From pictures, `degree` of them side by side, or from pictures and their labels, to what `critique`
   * reads.
   */
  discriminator(architecture: Architecture, classes: number, degree: number): tf.LayersModel;
  /** Runs the discriminator in training mode. */
  critique(discriminator: tf.LayersModel, sample: JudgedPictures): Critique;
  /** What conditioning adds to the players' objectives besides the adversarial loss. */
  readonly terms: readonly Term<LabeledPictures>[];
}
