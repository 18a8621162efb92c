import type { ClassifierProgress } from '@ganloom/metrics';
import { type Progress, progress } from './progress';

/** Shows how the training of a classifier goes, with its loss; its time begins with the first batch. */
export function classifierProgress(): (progress: ClassifierProgress) => void {
  let shown: Progress | undefined;
  return ({ step, steps, loss }) => {
    shown ??= progress({ unit: 'batches', total: steps });
    // Reading the loss waits for the backend.
    shown.update(step, () => `classifier, loss ${loss().toFixed(3)}`);
    if (step === steps) shown.stop();
  };
}
