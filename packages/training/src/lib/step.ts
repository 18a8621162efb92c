import type { Batch, RandomStream, Sample, Variant } from '@ganloom/core';
import { variableGradients } from '@ganloom/gradients';
import * as tf from '@tensorflow/tfjs';
import { encounterOf, meet } from './encounter';
import { type Meter, norm } from './meter';
import { objective } from './objective';
import { type AdversarialVariant, isAdversarial } from './plan';
import { requireSameShapes } from './sample-shapes';
import { unrolled } from './unrolled';
import { trainableVariables } from './variables';

/** What a side is about to learn: `gradients[i]` belongs to `variables[i]`. */
export type Descent = { readonly variables: tf.Variable[]; readonly gradients: tf.Tensor[] };

/** What a step is given. */
export interface StepContext {
  /** The batch of the discriminator's k-th update; the generator takes the last one. The step disposes it. */
  batch(k: number): Batch | Promise<Batch>;
  /** Generator updates done after this step: the first is 1. */
  readonly step: number;
  readonly random: RandomStream;
  readonly meter?: Meter | undefined;
}

/**
 * One step of the game: the discriminator's updates, each on a batch of its own, then the generator's
 * on the last batch.
 *
 * ψ ← ψ − η ∂L_D(θ, ψ)/∂ψ, `discriminatorSteps` times;  θ ← θ − η ∂L_G(θ, ψ)/∂θ, each by its optimizer
 *
 * Goodfellow et al. 2014 (arXiv 1406.2661), algorithm 1. With `updates: 'simultaneous'` the last
 * gradient of ψ and that of θ are taken at the same weights (Mescheder et al. 2017, arXiv 1705.10461).
 * What networks, games and losses note in passing, the discriminator's side notes first.
 */
export async function playStep<S extends Sample>(
  variant: Variant<S>,
  { batch: batchAt, step, random, meter }: StepContext,
): Promise<void> {
  const { discriminatorSteps = 1, updates = 'alternating', optimizers } = variant;
  const count = isAdversarial(variant) ? discriminatorSteps : 1;
  for (let k = 0; k < count; k++) {
    const batch = await batchAt(k);
    const isLast = k === count - 1;
    const atOnce = isLast && updates === 'simultaneous';
    const descendGenerator = () =>
      generatorGradient(variant, batch, step, random.fork('generator'), meter);
    try {
      tf.tidy(() => {
        const ofDiscriminator =
          isAdversarial(variant) &&
          discriminatorGradient(
            variant,
            batch,
            step,
            random.fork(`discriminator-${k}`),
            isLast ? meter : undefined,
          );
        const ofGenerator = atOnce && descendGenerator();
        if (ofDiscriminator) apply(optimizers.discriminator!, ofDiscriminator);
        if (ofGenerator) apply(optimizers.generator, ofGenerator);
      });
      // Of its own, so that what the discriminator's update needed is gone.
      if (isLast && !atOnce) tf.tidy(() => apply(optimizers.generator, descendGenerator()));
    } finally {
      tf.dispose(batch);
    }
  }
}

/** ∂L_D/∂ψ on a real batch and as many fakes. */
export function discriminatorGradient<S extends Sample>(
  { game, loss, terms = [] }: AdversarialVariant<S>,
  batch: Batch,
  step: number,
  random: RandomStream,
  meter?: Meter,
): Descent {
  return tf.tidy(() => {
    // Outside of the gradient, so that nothing of the generator is recorded for it.
    const encounter = encounterOf(game, batch, random);
    requireSameShapes(encounter.real, encounter.fake);
    return descentOf('discriminator', trainableVariables(game.discriminator), meter, () =>
      meet(encounter, (context) => {
        const [onReal, onFake] = [context.realCritique(), context.fakeCritique()];
        const adversarial = loss.discriminator(onReal, onFake, context);
        meter?.note('realLogit', () => tf.mean(onReal.logits));
        meter?.note('fakeLogit', () => tf.mean(onFake.logits));
        const value = objective('discriminator', adversarial, terms, context, step, meter);
        // Last, so that what terms show the discriminator is augmented as what the loss showed it.
        game.observe?.(onReal, onFake);
        return value;
      }),
    );
  });
}

/** ∂L_G/∂θ on fakes of its own, against the discriminator as it is or as it would become. */
export function generatorGradient<S extends Sample>(
  variant: Variant<S>,
  batch: Batch,
  step: number,
  random: RandomStream,
  meter?: Meter,
): Descent {
  const { game, loss, terms = [] } = variant;
  return tf.tidy(() =>
    descentOf('generator', trainableVariables(game.generator), meter, () => {
      // What is shown as real may come from a network of this side, such as an encoder.
      const encounter = encounterOf(game, batch, random);
      const value = () =>
        meet(encounter, (context) => {
          const { fakeCritique, realCritique } = context;
          const adversarial = loss?.generator(fakeCritique(), realCritique, context);
          return objective('generator', adversarial, terms, context, step, meter);
        });
      return isAdversarial(variant) ? unrolled(variant, encounter, step, value) : value();
    }),
  );
}

function apply(optimizer: Variant['optimizers']['generator'], descent: Descent): void {
  optimizer.apply(descent.variables, descent.gradients);
}

/** The gradient of `loss` with respect to a side's variables, which stay as they are. */
function descentOf(
  side: 'generator' | 'discriminator',
  all: tf.Variable[],
  meter: Meter | undefined,
  loss: () => tf.Scalar,
): Descent {
  const { grads } = variableGradients(loss, all);
  // A variable that this step's loss does not reach has no gradient, and stays as it is.
  const variables = all.filter(({ name }) => grads[name] !== undefined);
  const gradients = variables.map(({ name }) => grads[name]!);
  meter?.note(`${side}GradientNorm`, () => norm(gradients));
  return { variables, gradients };
}
