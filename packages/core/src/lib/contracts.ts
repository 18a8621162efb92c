import type * as tf from '@tensorflow/tfjs';
import type { RandomStream } from './random-stream';

/** One batch of data: named tensors that share their first dimension. Images are float32 in [−1, 1], NHWC. */
export interface Batch {
  readonly images: tf.Tensor4D;
  /** Class indices, int32 `[batch]`. */
  readonly labels?: tf.Tensor1D;
  readonly [name: string]: tf.Tensor | undefined;
}

/** Height, width and channels of one picture. */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * A finite set of examples with random access.
 *
 * Shuffling, epochs and positions belong to the trainer, so that a data set holds no hidden state.
 */
export interface Dataset<B extends Batch = Batch> {
  readonly name: string;
  readonly size: number;
  readonly imageShape: ImageShape;
  /** Names of the classes that `labels` index, if the set has labels. */
  readonly classNames?: readonly string[];
  /** The examples at `indices`, in that order. The caller disposes the tensors. */
  batch(indices: ArrayLike<number>): B | Promise<B>;
}

/** What a discriminator says of a batch: at least logits `[batch, …]`; real is positive. */
export interface Critique {
  readonly logits: tf.Tensor;
  /** Further outputs that terms use: features, class logits, codes, … */
  readonly [name: string]: tf.Tensor;
}

/** One side of the game: its networks by name, as stock `tf.LayersModel`s. */
export interface Player {
  readonly models: Readonly<Record<string, tf.LayersModel>>;
}

/** What is shown to a discriminator: one tensor, or several by name (pairs, two domains). */
export type Sample = tf.Tensor | Readonly<Record<string, tf.Tensor>>;

/**
 * The players and how they meet. A game knows about conditioning and the number of networks; it
 * knows no loss and no optimizer.
 *
 * All functions run inside a `tf.tidy` of the trainer and return tensors that it owns. `fake` and
 * `critique` run the networks in training mode.
 */
export interface Game<B extends Batch = Batch, S extends Sample = Sample> {
  readonly name: string;
  readonly generator: Player;
  readonly discriminator: Player;
  /** The part of a data batch that the discriminator sees as real. */
  real(batch: B): S;
  /** As many generated samples as the batch has examples. */
  fake(batch: B, random: RandomStream): S;
  critique(sample: S, batch: B): Critique;
  /**
   * `count` pictures for people to look at, `[count, height, width, channels]` in [−1, 1], in
   * inference mode; `models` replaces the generator's networks (for example by their EMA).
   */
  pictures(count: number, random: RandomStream, models: Player['models']): tf.Tensor4D;
}

/**
 * The adversarial part of both objectives, as scalars to minimise.
 *
 * `real` is a function in the generator's objective, because only relativistic losses look at it
 * there, and a critique of the real batch is not free.
 */
export interface AdversarialLoss {
  readonly name: string;
  discriminator(real: Critique, fake: Critique): tf.Scalar;
  generator(fake: Critique, real: () => Critique): tf.Scalar;
}

/** What a term may look at. Critiques are made on first use and shared with the loss. */
export interface TermContext<B extends Batch = Batch, S extends Sample = Sample> {
  readonly game: Game<B, S>;
  readonly batch: B;
  readonly real: S;
  readonly fake: S;
  realCritique(): Critique;
  fakeCritique(): Critique;
  readonly random: RandomStream;
}

/** A named, weighted extra of one side's objective: a penalty, a content loss, a class loss, … */
export interface Term<B extends Batch = Batch, S extends Sample = Sample> {
  readonly name: string;
  readonly player: 'generator' | 'discriminator';
  readonly weight: number;
  /** Evaluate in every n-th step only, with n times the weight (lazy regularisation). Default 1. */
  readonly every?: number;
  value(context: TermContext<B, S>): tf.Scalar;
}

/** Updates variables in place from their gradients. */
export interface Optimizer {
  readonly name: string;
  readonly settings: Readonly<Record<string, number>>;
  /** `gradients[i]` belongs to `variables[i]`. Does not dispose them. */
  apply(variables: readonly tf.Variable[], gradients: readonly tf.Tensor[]): void;
  /** Everything but the variables that the next update depends on; owned by the optimizer. */
  slots(): Readonly<Record<string, tf.Tensor>>;
  dispose(): void;
}

/** A GAN, whole: who plays, for what, and how they learn. */
export interface Variant<B extends Batch = Batch, S extends Sample = Sample> {
  readonly name: string;
  readonly game: Game<B, S>;
  readonly loss: AdversarialLoss;
  readonly terms?: readonly Term<B, S>[];
  readonly optimizers: { readonly generator: Optimizer; readonly discriminator: Optimizer };
  /** Discriminator updates per generator update. Default 1. */
  readonly discriminatorSteps?: number;
}
