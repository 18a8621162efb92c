import type { Batch, RandomStream, Sample, Variant } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { type Descent, descentOf, meet, type Meter, objective } from './objective';
import { type AdversarialVariant, isAdversarial } from './plan';
import { unrolled } from './unrolled';

/** One update of the discriminator's side. */
export function discriminatorStep<B extends Batch, S extends Sample>(
  variant: AdversarialVariant<B, S>,
  batch: B,
  step: number,
  random: RandomStream,
  meter: Meter | undefined,
): void {
  tf.tidy(() => {
    const { variables, gradients } = ofDiscriminator(variant, batch, step, random, meter);
    variant.optimizers.discriminator.apply(variables, gradients);
  });
}

/** One update of the generator's side, against the discriminator as it is or as it would become. */
export function generatorStep<B extends Batch, S extends Sample>(
  variant: Variant<B, S>,
  batch: B,
  step: number,
  random: RandomStream,
  meter: Meter | undefined,
): void {
  tf.tidy(() => {
    const { variables, gradients } = ofGenerator(variant, batch, step, random, meter);
    variant.optimizers.generator.apply(variables, gradients);
  });
}

/**
 * One update of both sides from the same weights:
 *
 * θ' = θ − η ∂L_G(θ, ψ)/∂θ,  ψ' = ψ − η ∂L_D(θ, ψ)/∂ψ, each by its optimizer
 *
 * Mescheder et al. 2017, arXiv 1705.10461. What networks, games and losses note in passing (statistics
 * of normalizations, the vectors of spectral norms, an adaptive probability) the discriminator's side
 * notes first, as it does when they alternate.
 */
export function simultaneousStep<B extends Batch, S extends Sample>(
  variant: AdversarialVariant<B, S>,
  batch: B,
  step: number,
  random: { readonly discriminator: RandomStream; readonly generator: RandomStream },
  meter: Meter | undefined,
): void {
  const { optimizers } = variant;
  tf.tidy(() => {
    const discriminator = ofDiscriminator(variant, batch, step, random.discriminator, meter);
    const generator = ofGenerator(variant, batch, step, random.generator, meter);
    optimizers.discriminator.apply(discriminator.variables, discriminator.gradients);
    optimizers.generator.apply(generator.variables, generator.gradients);
  });
}

/** The gradient of the discriminator's objective on a real batch and as many fakes. */
function ofDiscriminator<B extends Batch, S extends Sample>(
  { game, loss, terms = [] }: AdversarialVariant<B, S>,
  batch: B,
  step: number,
  random: RandomStream,
  meter: Meter | undefined,
): Descent {
  return tf.tidy(() => {
    const real = game.real(batch);
    // Outside of the gradient, so that nothing of the generator is recorded for it.
    const fake = game.fake(batch, random.fork('fake'));
    const encounter = { game, batch, real, fake, random };
    return descentOf('discriminator', game, meter, () =>
      meet(encounter, (context) => {
        const [onReal, onFake] = [context.realCritique(), context.fakeCritique()];
        const adversarial = loss.discriminator(onReal, onFake);
        if (meter?.statistics) {
          meter.statistics['realLogit'] = tf.keep(tf.mean(onReal.logits));
          meter.statistics['fakeLogit'] = tf.keep(tf.mean(onFake.logits));
        }
        const value = objective('discriminator', adversarial, terms, context, step, meter);
        // Last, so that what terms show the discriminator is augmented as what the loss showed it.
        game.observe?.(onReal, onFake);
        return value;
      }),
    );
  });
}

/** The gradient of the generator's objective on fakes of its own. */
function ofGenerator<B extends Batch, S extends Sample>(
  variant: Variant<B, S>,
  batch: B,
  step: number,
  random: RandomStream,
  meter: Meter | undefined,
): Descent {
  const { game, loss, terms = [] } = variant;
  return descentOf('generator', game, meter, () => {
    // What is shown as real may come from a network of this side, such as an encoder.
    const real = game.real(batch);
    const fake = game.fake(batch, random.fork('fake'));
    const encounter = { game, batch, real, fake, random };
    const value = () =>
      meet(encounter, (context) => {
        const adversarial = loss?.generator(context.fakeCritique(), context.realCritique);
        return objective('generator', adversarial, terms, context, step, meter);
      });
    return isAdversarial(variant) ? unrolled(variant, encounter, step, value) : value();
  });
}
