import type * as tf from '@tensorflow/tfjs';
import type { RandomStream } from './random-stream';

/**
 * One batch of data: named tensors that share their first dimension. By convention `images` are
 * float32 `[batch, height, width, channels]` in [−1, 1], `labels` class indices int32 `[batch]`,
 * `points` float32 `[batch, coordinates]`; a data set may have others. `memberOf` takes one out.
 */
export type Batch = Readonly<Record<string, tf.Tensor>>;

/**
 * A finite set of examples with random access.
 *
 * Shuffling, epochs and positions belong to the trainer, so that a data set holds no hidden state.
 */
export interface Dataset {
  readonly name: string;
  readonly size: number;
  /** The shape of one example of each tensor of a batch: `{ images: [28, 28, 1], labels: [] }`. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** Names of the classes that `labels` index, if the set has labels. */
  readonly classNames?: readonly string[];
  /**
   * The examples at `indices`, in that order. The caller disposes the tensors.
   *
   * A set that cuts or flips its examples anew each time takes the chances from `random`, which the
   * trainer gives for each batch; without it, the answer is the same each time.
   */
  batch(indices: ArrayLike<number>, random?: RandomStream): Batch | Promise<Batch>;
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
 * What samples are made from, by name, a row for each: by convention `latents` `[batch, …]`, which are
 * drawn, and `labels` int32 `[batch]`.
 */
export type Origin = Readonly<Record<string, tf.Tensor>>;

/**
 * The players and how they meet. A game knows about conditioning and the number of networks; it
 * knows no loss and no optimizer.
 *
 * All functions run inside a `tf.tidy` of the trainer and return tensors that it owns. `real`, `fake`
 * and `critique` run the networks in training mode.
 */
export interface Game<S extends Sample = Sample> {
  readonly name: string;
  readonly generator: Player;
  readonly discriminator: Player;
  /**
   * How many examples the discriminator judges together, as one input: pack i of n holds the examples
   * i, n + i, 2n + i, … Default 1.
   */
  readonly packDegree?: number;
  /**
   * What the discriminator sees as real: a part of the data batch, or what networks of the generator's
   * side make of it, such as an encoder, which learn by it in the generator's step.
   */
  real(batch: Batch): S;
  /**
   * What as many fakes as the batch has examples are made from: `latents`, and conditions such as `labels`.
   * Without it, terms and losses see none of this.
   */
  origin?(batch: Batch, random: RandomStream): Origin;
  /**
   * As many generated samples as the batch has examples, made from `origin`, or by default from what
   * `origin` says of this batch and the same stream. What the discriminator is to see of how they were
   * made (codes, drawn labels) is part of the sample.
   */
  fake(batch: Batch, random: RandomStream, origin?: Origin): S;
  /** What the discriminator says of a sample. Chances, as those of augmentation, come from `random`. */
  critique(sample: S, batch: Batch, random: RandomStream): Critique;
  /** Is told what the discriminator said in each of its updates, to adapt `state` to it. */
  observe?(real: Critique, fake: Critique): void;
  /** What the game remembers from step to step beside the weights of its networks. */
  readonly state?: NamedVariables;
  /** Scalars of `state` that people want to follow; the names are those of the trainer's statistics. */
  readonly statistics?: Readonly<Record<string, tf.Scalar>>;
  /**
   * What people look at: something for each example of the batch, in inference mode; `models` replaces
   * the generator's networks (for example by their EMA). The trainer draws the batch once, so that what
   * is shown compares: a conditional game takes its labels or low-resolution pictures, an
   * unconditional one only counts it. Default: nothing is shown.
   */
  show?(batch: Batch, random: RandomStream, models: Player['models']): Shown;
  /** How networks of the generator's side are asked for samples without the game, by their names. */
  readonly samplers?: Readonly<Record<string, Sampler>>;
}

/** What a network takes to make samples, so that whoever loads it needs nothing else. JSON. */
export interface Sampler {
  /** For each input of the network, in order. */
  readonly inputs: readonly SamplerInput[];
  /** What the class indices mean, if an input takes some. */
  readonly classNames?: readonly string[];
}

/** What one input of a network is drawn from. */
export type SamplerInput =
  /** Latents from N(0, I), of this shape for each sample. */
  | { readonly kind: 'normal'; readonly shape: readonly number[] }
  /** A class index from 0 to `classes` − 1, int32 `[batch, 1]`. */
  | { readonly kind: 'class'; readonly classes: number };

/** What a game shows of its samples: pictures in [−1, 1], or points of a space. */
export type Shown =
  /**
   * `[count, height, width, channels]`; they need not be as many as the examples. `labels`, int32 `[count]`,
   * are the classes of the data that they are to show, if the game asks for classes.
   */
  | { readonly pictures: tf.Tensor4D; readonly labels?: tf.Tensor1D }
  /** `[count, coordinates]`. */
  | { readonly points: tf.Tensor2D };

/**
 * The adversarial part of both objectives, as scalars to minimize.
 *
 * `real` is a function in the generator's objective, because only relativistic losses look at it
 * there, and a critique of the real batch is not free.
 */
export interface AdversarialLoss {
  readonly name: string;
  /** What the loss remembers from step to step. */
  readonly state?: NamedVariables;
  /** Scalars of `state` that people want to follow, as {@link Game.statistics}. */
  readonly statistics?: Readonly<Record<string, tf.Scalar>>;
  discriminator(real: Critique, fake: Critique): tf.Scalar;
  generator(fake: Critique, real: () => Critique): tf.Scalar;
}

/**
 * A loss that looks at more than what the discriminator says: at the samples themselves, at what they are
 * made from, at critiques of others. An {@link AdversarialLoss} is one that does without.
 */
export interface SampleLoss<S extends Sample = Sample> extends Pick<
  AdversarialLoss,
  'name' | 'state' | 'statistics'
> {
  discriminator(real: Critique, fake: Critique, context: TermContext<S>): tf.Scalar;
  generator(fake: Critique, real: () => Critique, context: TermContext<S>): tf.Scalar;
}

/**
 * What a term, or a loss of samples, may look at. Critiques are made on first use and shared with the loss and other terms.
 *
 * `real` and `fake` belong to this context alone: nothing but what is computed from them here depends on
 * them, the discriminator's weights neither, which in an unrolled step depend on the samples before.
 */
export interface TermContext<S extends Sample = Sample> {
  readonly batch: Batch;
  readonly real: S;
  readonly fake: S;
  /** What `fake` is made from; nothing if the game does not say. */
  readonly origin: Origin;
  /**
   * Further fakes for the same batch, as many, made from an origin of the game's shape: one like
   * `{ ...origin, latents: others }`. They cost another pass through the generator, and teach it.
   * As all of training, the pass moves what layers remember of batches, such as the means of batch normalization:
   * once more in this step.
   */
  generate(origin: Origin, random: RandomStream): S;
  realCritique(): Critique;
  fakeCritique(): Critique;
  /** What the discriminator says of another sample, such as one between real and fake. */
  critique(sample: S, random: RandomStream): Critique;
  /** How many examples the discriminator judges together: that of the game. */
  readonly packDegree: number;
  readonly random: RandomStream;
}

/** A named, weighted extra of one side's objective: a penalty, a content loss, a class loss, … */
export interface Term<S extends Sample = Sample> {
  readonly name: string;
  readonly player: 'generator' | 'discriminator';
  /** A schedule is asked with the generator's updates made before: 0 in the first step. */
  readonly weight: number | Schedule;
  /** Evaluate in every n-th step only, with n times the weight (lazy regularization). Default 1. */
  readonly every?: number;
  /** What the term remembers from step to step; `value` may assign it. */
  readonly state?: NamedVariables;
  value(context: TermContext<S>): tf.Scalar;
}

/** Variables by names that stay the same from process to process, as those of tfjs do not. */
export type NamedVariables = Readonly<Record<string, tf.Variable>>;

/** A number that changes as training goes on, and depends on the count of updates alone. */
export interface Schedule {
  readonly name: string;
  /** The number in the update that has `update` others before it: 0 for the first. */
  at(update: number): number;
}

/** Updates variables in place from their gradients. */
export interface Optimizer {
  readonly name: string;
  readonly settings: Readonly<Record<string, number | boolean | Schedule>>;
  /** `gradients[i]` belongs to `variables[i]`. Does not dispose them. */
  apply(variables: readonly tf.Variable[], gradients: readonly tf.Tensor[]): void;
  /**
   * Everything but the variables that the next update of these depends on, as `<name>/<slot>`. The
   * tensors stay the optimizer's. Variables that were never updated have none.
   */
  slots(variables: NamedVariables): Readonly<Record<string, tf.Tensor>>;
  /**
   * Plays updates through without making them, beginning with what is remembered of the variables
   * now. An optimizer without it cannot be unrolled.
   */
  rehearse?(variables: readonly tf.Variable[]): Rehearsal;
  /**
   * Forgets all slots and takes over copies of these, which `slots` gave for the same names.
   *
   * @throws GanloomError if they are those of another optimizer; nothing is forgotten then.
   */
  restore(variables: NamedVariables, slots: Readonly<Record<string, tf.Tensor>>): void;
  dispose(): void;
}

/**
 * One more update in thought: what the parameters become, in operations that can be differentiated
 * with respect to parameters and gradients. A parameter without a gradient stays as it is.
 */
export type Rehearsal = (
  parameters: readonly tf.Tensor[],
  gradients: readonly (tf.Tensor | undefined)[],
) => tf.Tensor[];

/** A GAN, whole: who plays, for what, and how they learn. */
export interface Variant<S extends Sample = Sample> {
  readonly name: string;
  readonly game: Game<S>;
  /**
   * Without it there is no adversarial part: the discriminator is not trained, and the generator's
   * objective is its terms alone.
   */
  readonly loss?: SampleLoss<S>;
  readonly terms?: readonly Term<S>[];
  readonly optimizers: {
    readonly generator: Optimizer;
    /** Needed with a loss. */
    readonly discriminator?: Optimizer;
  };
  /** Discriminator updates per generator update. Default 1. */
  readonly discriminatorSteps?: number;
  /**
   * Whether the generator meets the discriminator that has just been updated, or both gradients of a
   * step are taken at the same weights, and only then applied; with several `discriminatorSteps` it is
   * the last of them that coincides. Default `'alternating'`.
   */
  readonly updates?: 'alternating' | 'simultaneous';
  /**
   * Updates of the discriminator that the generator foresees in its own step, and differentiates
   * through: the unrolled GAN. Default 0.
   */
  readonly unrolledSteps?: number;
}

/** A part of a run: so many generator updates of one variant. */
export interface Stage<S extends Sample = Sample> {
  readonly name: string;
  readonly steps: number;
  readonly variant: Variant<S>;
}

/**
 * What a run trains: one variant, or stages that follow each other with one count of steps. Stages
 * share what they hold in common by holding the same object: a network, an optimizer, a game.
 */
export type Plan<S extends Sample = Sample> = Variant<S> | readonly Stage<S>[];
