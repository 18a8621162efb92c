import type { Batch, RandomStream, Sample, Variant } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { descend, encounter, type Meter, objective } from './objective';
import { type AdversarialVariant, isAdversarial } from './plan';
import { unrolled } from './unrolled';

/**
 * One update of the discriminator's side: descends the gradient of its objective on a real batch and
 * as many fakes.
 */
export function discriminatorStep<B extends Batch, S extends Sample>(
  { game, loss, terms = [], optimizers }: AdversarialVariant<B, S>,
  batch: B,
  step: number,
  random: RandomStream,
  meter: Meter | undefined,
): void {
  tf.tidy(() => {
    const real = game.real(batch);
    // Outside of the gradient, so that nothing of the generator is recorded for it.
    const fake = game.fake(batch, random.fork('fake'));
    descend('discriminator', game, optimizers.discriminator, meter, () => {
      const context = encounter(game, batch, real, fake, random);
      const adversarial = loss.discriminator(context.realCritique(), context.fakeCritique());
      if (meter) {
        meter.statistics['realLogit'] = tf.keep(tf.mean(context.realCritique().logits));
        meter.statistics['fakeLogit'] = tf.keep(tf.mean(context.fakeCritique().logits));
      }
      game.observe?.(context.realCritique(), context.fakeCritique());
      return objective('discriminator', adversarial, terms, context, step, meter);
    });
  });
}

/**
 * One update of the generator's side, on fakes of its own, against the discriminator as it is or as it
 * would become.
 */
export function generatorStep<B extends Batch, S extends Sample>(
  variant: Variant<B, S>,
  batch: B,
  step: number,
  random: RandomStream,
  meter: Meter | undefined,
): void {
  const { game, loss, terms = [], optimizers } = variant;
  tf.tidy(() => {
    const real = game.real(batch);
    descend('generator', game, optimizers.generator, meter, () => {
      const fake = game.fake(batch, random.fork('fake'));
      const value = () => {
        const context = encounter(game, batch, real, fake, random);
        const adversarial = loss?.generator(context.fakeCritique(), context.realCritique);
        return objective('generator', adversarial, terms, context, step, meter);
      };
      if (!isAdversarial(variant)) return value();
      return unrolled(variant, { batch, real, fake, step, random }, value);
    });
  });
}
