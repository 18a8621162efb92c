import type { Sample } from '@ganloom/core';
import { copy } from '@ganloom/gradients';
import * as tf from '@tensorflow/tfjs';
import { type Encounter, meet } from './encounter';
import { objective } from './objective';
import type { AdversarialVariant } from './plan';
import { type LayerWeight, trainableWeights, variableOf } from './variables';

/**
 * Evaluates `objectiveOfGenerator` as if the discriminator had learned for `unrolledSteps` more
 * updates from the same encounter; the result can be differentiated through all of them.
 *
 * θ_D⁰ = θ_D,  θ_D^{k+1} = update(θ_D^k, ∂L_D(θ_G, θ_D^k)/∂θ_D^k)
 *
 * Metz et al. 2016, arXiv 1611.02163. The updates are those that are next to come: a lazy term is in
 * those whose step has its turn, and weights follow their schedules. Afterwards the discriminator, and
 * what game, loss and terms remember, are as they were. With 0 steps it is only evaluated.
 *
 * What they remember moves in the updates too, but counts as constant in the gradient through them:
 * BEGAN's balance, the average of historical averaging, the vectors of spectral norms. The game observes
 * none of them, so that an adaptive augmentation stays as it is.
 */
export function unrolled<S extends Sample>(
  variant: AdversarialVariant<S>,
  encounter: Encounter<S>,
  step: number,
  objectiveOfGenerator: () => tf.Scalar,
): tf.Scalar {
  const { game, loss, terms = [], optimizers, unrolledSteps = 0 } = variant;
  const { discriminatorSteps = 1, updates = 'alternating' } = variant;
  if (unrolledSteps === 0) return objectiveOfGenerator();
  const weights = trainableWeights(game.discriminator);
  const variables = weights.map(variableOf);
  const rehearse = optimizers.discriminator.rehearse!(variables);
  // Of the discriminator's next update: in alternation, that of this step is made.
  const next = updates === 'alternating' ? step + 1 : step;
  const putBack = rememberAll(variant);
  try {
    let parameters: tf.Tensor[] = variables;
    for (let k = 0; k < unrolledSteps; k++) {
      const random = encounter.random.fork(`unrolled-${k}`);
      const stepOfUpdate = next + Math.floor(k / discriminatorSteps);
      const objectiveOfDiscriminator = () =>
        meet({ ...encounter, random }, (context) => {
          const [onReal, onFake] = [context.realCritique(), context.fakeCritique()];
          const adversarial = loss.discriminator(onReal, onFake, context);
          return objective('discriminator', adversarial, terms, context, stepOfUpdate, undefined);
        });
      // Unlike `tf.grads`, this allows for parameters that the objective does not reach.
      const { grads } = tf
        .engine()
        .gradients(objectiveOfDiscriminator, parameters, undefined, true);
      parameters = rehearse(parameters, grads as (tf.Tensor | undefined)[]);
      bind(weights, parameters);
    }
    return objectiveOfGenerator();
  } finally {
    bind(weights, variables);
    putBack();
  }
}

/** Lets layers compute with other tensors than their variables. */
function bind(weights: readonly LayerWeight[], values: readonly tf.Tensor[]): void {
  weights.forEach((weight, i) => {
    (weight as unknown as { val: tf.Tensor }).val = values[i]!;
  });
}

/** Notes all that a discriminator's step changes beside trained weights; the result puts it back. */
function rememberAll<S extends Sample>({
  game,
  loss,
  terms = [],
}: AdversarialVariant<S>): () => void {
  const statistics = Object.values(game.discriminator.models).flatMap((model) =>
    model.nonTrainableWeights.map(variableOf),
  );
  const states = [game, loss, ...terms].flatMap(({ state = {} }) => Object.values(state));
  const before = [...statistics, ...states].map((variable) => [variable, copy(variable)] as const);
  return () => {
    for (const [variable, value] of before) {
      variable.assign(value);
      value.dispose();
    }
  };
}
