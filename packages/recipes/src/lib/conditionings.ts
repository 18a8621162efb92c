import { auxiliaryClassifier, concatenation, projection } from '@ganloom/conditional';

/** The ways that a user may name in which both players learn of classes. */
export const conditionings = {
  concatenation,
  projection,
  'auxiliary-classifier': auxiliaryClassifier,
} as const;
