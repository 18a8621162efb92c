import type { Batch, RandomStream, Sample, Variant } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { descend, meet, type Meter, objective } from './objective';
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
    const encounter = { game, batch, real, fake, random };
    descend('discriminator', game, optimizers.discriminator, meter, () =>
      meet(encounter, (context) => {
        const [onReal, onFake] = [context.realCritique(), context.fakeCritique()];
        const adversarial = loss.discriminator(onReal, onFake);
        if (meter) {
          meter.statistics['realLogit'] = tf.keep(tf.mean(onReal.logits));
          meter.statistics['fakeLogit'] = tf.keep(tf.mean(onFake.logits));
        }
        game.observe?.(onReal, onFake);
        return objective('discriminator', adversarial, terms, context, step, meter);
      }),
    );
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
    descend('generator', game, optimizers.generator, meter, () => {
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
  });
}
