import type { Dataset } from '@ganloom/core';
import type { Uint8Dataset } from '@ganloom/datasets';
import type * as tf from '@tensorflow/tfjs';

/** What an evaluation looks at. */
export interface EvaluationContext {
  /** As many pictures of each class, in order, if the generator has classes. */
  readonly generated: Uint8Dataset;
  /** Real examples that the classifier has not seen. */
  readonly test: Dataset;
  /** Of the real classes; undefined if the data have none. */
  readonly classifier?: tf.LayersModel;
  /** What the generator was asked for; undefined if it has no classes. */
  readonly classNames?: readonly string[];
}

/** A number, or several, that say how good a generator is. */
export interface Evaluation {
  readonly name: string;
  readonly about: string;
  /** Whether it can be computed of this. */
  fits(context: EvaluationContext): boolean;
  /** What stands in `evaluate.json`, and the same for people. */
  compute(context: EvaluationContext): Promise<EvaluationResult>;
}

/** What an evaluation has found. */
export interface EvaluationResult {
  readonly values: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
}
