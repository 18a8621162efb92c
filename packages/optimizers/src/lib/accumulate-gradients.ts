import { type Optimizer, requireCounts } from '@ganloom/core';
import { copy } from '@ganloom/gradients';
import * as tf from '@tensorflow/tfjs';

/** Settings of {@link accumulateGradients}. */
export interface AccumulateGradientsOptions {
  /** Calls for each update. */
  readonly calls: number;
}

/**
 * An optimizer that makes one update of the mean gradient of several calls, as if their batches had
 * been one: p ← update(p, (g₁ + … + gₙ) / n).
 *
 * A variable without a gradient in some of the calls counts as having zeros there. Sums and count
 * are slots, so that a run resumes between updates too. What looks at the batch as a whole (batch
 * normalization, minibatch discrimination) still sees the small ones, and what moves from step to step
 * moves with each call: BEGAN's balance, the average of historical averaging, the probability of
 * adaptive augmentation, the fading of instance noise, the average of the generator's weights. Make their
 * rates so much smaller, and their numbers of updates so much larger. Schedules of the optimizer
 * count the updates, those of a term's weight the steps. Where both sides accumulate in alternation, the
 * generator's last call comes after the discriminator's update, and the others before; with
 * `updates: 'simultaneous'` all its gradients are against the same discriminator.
 *
 * @throws UsageError if `calls` is no positive integer.
 */
export function accumulateGradients(
  optimizer: Optimizer,
  { calls }: AccumulateGradientsOptions,
): Optimizer {
  requireCounts('accumulateGradients', { calls });
  const sums = new Map<tf.Variable, tf.Variable>();
  let count = 0;
  let countTensor: tf.Tensor | undefined;

  const forget = () => {
    tf.dispose([...sums.values()]);
    sums.clear();
    count = 0;
    countTensor?.dispose();
    countTensor = undefined;
  };

  const update = () => {
    tf.tidy(() =>
      optimizer.apply(
        [...sums.keys()],
        [...sums.values()].map((sum) => tf.div(sum, calls)),
      ),
    );
    forget();
  };

  // What every call but the n-th does to the parameters is nothing, which leaves nothing to foresee.
  const { rehearse: _, ...rest } = optimizer;
  return {
    ...rest,
    name: `accumulate-gradients(${optimizer.name})`,
    settings: { ...optimizer.settings, accumulatedCalls: calls },
    apply(variables, gradients) {
      variables.forEach((variable, i) => {
        const sum = sums.get(variable);
        if (sum) tf.tidy(() => sum.assign(tf.add(sum, gradients[i]!)));
        // A copy, because the gradients are the caller's.
        else sums.set(variable, copy(gradients[i]!));
      });
      // A call without any gradient is none: no slot could hold that it was made.
      if (variables.length > 0 && ++count === calls) update();
    },
    slots(variables) {
      const all: Record<string, tf.Tensor> = { ...optimizer.slots(variables) };
      countTensor?.dispose();
      countTensor = count > 0 ? tf.keep(tf.scalar(count, 'int32')) : undefined;
      for (const [name, variable] of Object.entries(variables)) {
        const sum = sums.get(variable);
        if (!sum || !countTensor) continue;
        all[`${name}/gradientSum`] = sum;
        all[`${name}/gradientCalls`] = countTensor;
      }
      return all;
    },
    restore(variables, slots) {
      const restored: [tf.Variable, tf.Variable][] = [];
      let restoredCount = 0;
      for (const [name, variable] of Object.entries(variables)) {
        const [sum, made] = [slots[`${name}/gradientSum`], slots[`${name}/gradientCalls`]];
        if (!sum || !made) continue;
        restored.push([variable, copy(sum)]);
        restoredCount = made.dataSync()[0]!;
      }
      optimizer.restore(variables, slots);
      // Only now, because the slots may be this optimizer's own.
      forget();
      for (const [variable, sum] of restored) sums.set(variable, sum);
      count = restoredCount;
    },
    dispose() {
      forget();
      optimizer.dispose();
    },
  };
}
