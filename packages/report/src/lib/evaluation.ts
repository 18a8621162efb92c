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

/** What a report has of the last evaluation. */
export interface ReadEvaluation {
  /** Undefined if there is no evaluation, or if it says nothing of classes. */
  readonly recognition?: Recognition;
  /** Why an evaluation that is there cannot be shown. */
  readonly evaluationFault?: string;
}

/** What the last evaluation says of classes; one that is damaged is named, as the report does without it. */
export async function readEvaluation(run: Store): Promise<ReadEvaluation> {
  const text = await getText(run, runNames.evaluation);
  if (text === undefined) return {};
  const damaged = (why: string) => ({
    evaluationFault:
      `${run.describe(runNames.evaluation)} must be JSON as evaluate writes it, but is damaged: ${why}; ` +
      'remove it, or evaluate again',
  });
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    return damaged((error as Error).message);
  }
  if (!isRecord(found)) return damaged('it is no object');
  const { count, recognized, perClass, classifier } = found;
  // Of a generator without classes.
  if (recognized === undefined && perClass === undefined) return {};
  if (!isNumber(count)) return damaged('count is no number');
  if (!isNumber(recognized)) return damaged('recognized is no number');
  if (!isRecord(perClass) || !Object.values(perClass).every(isNumber)) {
    return damaged('perClass has no number for each class');
  }
  if (!isRecord(classifier) || !isNumber(classifier['accuracy'])) {
    return damaged('classifier.accuracy is no number');
  }
  const { accuracy } = classifier as { readonly accuracy: number };
  const shares = perClass as Recognition['perClass'];
  return { recognition: { count, recognized, perClass: shares, accuracy } };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
