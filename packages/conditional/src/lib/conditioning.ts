import type { Critique, RandomStream, Term } from '@ganloom/core';
import type { Architecture, HeadedChanges } from '@ganloom/models';
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
 * What a generator does with a class: a value that makes the network from an architecture's body.
 *
 * The network comes with whatever weights its layers give it; `conditionalGame` draws them anew, as the
 * architecture does.
 */
export interface GeneratorConditioning {
  readonly name: string;
  /**
   * A network to samples. Its input named `label` takes classes `[batch, 1]`; all others are for chance: a
   * latent `[batch, latentSize]`, and noise if it wants some.
   */
  network(architecture: Architecture, classes: number): tf.LayersModel;
}

/**
 * What a discriminator does with classes: a value that makes the network from an architecture's body, and
 * runs it.
 */
export interface DiscriminatorConditioning {
  readonly name: string;
  /**
   * From pictures, `degree` of them side by side, or from pictures and their labels, to what `critique`
   * reads. Weights as for {@link GeneratorConditioning}. `changes` concern the body, the head and dense
   * outputs, but not tables of classes.
   */
  network(
    architecture: Architecture,
    classes: number,
    degree: number,
    changes?: HeadedChanges,
  ): tf.LayersModel;
  /** Runs the network in training mode; its layers take their chances from `random`. */
  critique(network: tf.LayersModel, sample: JudgedPictures, random: RandomStream): Critique;
  /** What it adds to the players' objectives besides the adversarial loss. */
  readonly terms: readonly Term<LabeledPictures>[];
}

/** Both halves of a conditioning that is known by one name. Any two halves make a pair. */
export interface Conditioning {
  readonly name: string;
  readonly generator: GeneratorConditioning;
  readonly discriminator: DiscriminatorConditioning;
}
