import type { Samples } from './samples';

/** Numbers by name. */
export type Scalars = Readonly<Record<string, number>>;

/** Before the first step. */
export interface StartEvent {
  readonly type: 'start';
  /** Steps done before, by an earlier part of the run. */
  readonly step: number;
  readonly steps: number;
  readonly batchSize: number;
  /** Whether there will be `samples` events: `train` was asked for samples, and a game shows some. */
  readonly drawsSamples: boolean;
}

/** Before the first step in a stage, if the plan has stages. */
export interface StageEvent {
  readonly type: 'stage';
  readonly stage: string;
  /** Generator updates done: more than `start` if an earlier part of the run did some of them. */
  readonly step: number;
  /** Steps before the stage. */
  readonly start: number;
  /** Steps when it is over. */
  readonly end: number;
}

/**
 * When all of a step is done and said, so that the run can be saved. Costs nothing, because nothing
 * is read back from the backend.
 */
export interface StepEvent {
  readonly type: 'step';
  /** Generator updates done: the first step is 1. */
  readonly step: number;
  /** The stage's name, if the plan has stages. */
  readonly stage?: string;
  /** Seconds of training, those of earlier parts of the run included. */
  readonly seconds: number;
}

/** After the first, each `log.every`-th and the last step of a stage, and where samples are drawn. */
export interface MetricsEvent {
  readonly type: 'metrics';
  readonly step: number;
  readonly stage?: string;
  readonly seconds: number;
  /**
   * `discriminator` and `generator` (the adversarial parts, if there is a loss), and the unweighted
   * terms of this step as `discriminator/<term>` and `generator/<term>`.
   */
  readonly losses: Scalars;
  /**
   * `realLogit` and `fakeLogit`: means over the last discriminator update's batch, if there was one.
   * `discriminatorGradientNorm` and `generatorGradientNorm`: L2 norms over all that the side trains.
   *
   * Those of the game, as `augmentationProbability` after this step.
   *
   * Where samples are drawn, `pixelDiversity` and `nearestDistance`: those of the samples, as shares of
   * those of as many real pictures, unless all is in one picture; see `pictureDiversity`. Of 20 pictures
   * or more also `pictureCoverage` and `picturePrecision`: shares of the real pictures that samples are near,
   * and of the samples that are near a real one. Of a game with classes `classAgreement`: how far samples
   * follow the classes that they are asked for, from 0 to about 1.
   *
   * The metrics whose turn it is, by their names.
   */
  readonly statistics: Scalars;
}

/** What the game shows of the same latents and examples each time, by the EMA generator if there is one. */
export interface SamplesEvent {
  readonly type: 'samples';
  readonly step: number;
  readonly stage?: string;
  readonly samples: Samples;
}

/** A loss is NaN or infinite; training ends with an error after this. */
export interface NotFiniteEvent {
  readonly type: 'not-finite';
  /** The first step with such a loss. */
  readonly step: number;
  readonly loss: string;
  readonly value: number;
  /** The step after which the losses were read: the same, or a later one. */
  readonly noticed: number;
  /**
   * The first tensor found that is not finite: of the data of `step`, as `batch/images`, or else of
   * what there is after the step `noticed`, mostly a network's weight, as in checkpoints.
   */
  readonly tensor?: string;
}

/** Always the last one, whatever happened. */
export interface EndEvent {
  readonly type: 'end';
  /** Generator updates done, all in all. */
  readonly step: number;
  readonly seconds: number;
  /** Examples the generator was trained on per second, in this part of the run. */
  readonly imagesPerSecond: number;
  readonly reason: 'steps' | 'interrupted' | 'stopped' | 'failed';
  /** Which stop rule ended it and why, in words, when `reason` is `'stopped'`. */
  readonly stopped?: { readonly rule: string; readonly because: string };
  /** Message of the error, when `reason` is `'failed'`. */
  readonly error?: string;
  /** The losses that were read last. */
  readonly losses: Scalars;
}

/** What `train` says while it works. */
export type TrainEvent =
  | StartEvent
  | StageEvent
  | StepEvent
  | MetricsEvent
  | SamplesEvent
  | NotFiniteEvent
  | EndEvent;

/** Does something with events: draws, writes, shows. Training waits for the promise. */
export type Sink = (event: TrainEvent) => void | Promise<void>;
