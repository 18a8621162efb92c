import { GanloomError } from '@ganloom/core';
import { runNames } from '@ganloom/runs';
import { getText, type Store } from '@ganloom/storage';

/** What `evaluate` has found last of a run whose generator is asked for classes. */
export interface Recognition {
  /** Samples that were drawn. */
  readonly count: number;
  /** Share of them that a classifier takes for what they were asked to be. */
  readonly recognized: number;
  /** The same of each class, by its name. */
  readonly perClass: Readonly<Record<string, number>>;
  /** Share of real pictures that the classifier knows. */
  readonly accuracy: number;
}

/**
 * What the last evaluation says of classes; undefined if there is none, or if it says nothing of them.
 *
 * @throws GanloomError if it is damaged.
 */
export async function readRecognition(run: Store): Promise<Recognition | undefined> {
  const text = await getText(run, runNames.evaluation);
  if (text === undefined) return undefined;
  let found: Partial<Recognition> & { readonly classifier?: { readonly accuracy: number } };
  try {
    found = JSON.parse(text) as typeof found;
  } catch (error) {
    throw new GanloomError(
      `${run.describe(runNames.evaluation)} must be JSON as evaluate writes it, but is damaged: ` +
        `${(error as Error).message}; remove it, or evaluate again`,
    );
  }
  const { count, recognized, perClass, classifier } = found;
  if (count === undefined || recognized === undefined || !perClass || !classifier) return undefined;
  return { count, recognized, perClass, accuracy: classifier.accuracy };
}
