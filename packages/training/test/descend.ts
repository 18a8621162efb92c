import type { Batch, RandomStream, Sample, Variant } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import type { AdversarialVariant } from '../src/lib/plan';
import { discriminatorGradient, generatorGradient } from '../src/lib/step';

/** One update of the discriminator's side alone. */
export function descendDiscriminator<S extends Sample>(
  variant: AdversarialVariant<S>,
  batch: Batch,
  step: number,
  random: RandomStream,
): void {
  tf.tidy(() => {
    const { variables, gradients } = discriminatorGradient(variant, batch, step, random);
    variant.optimizers.discriminator.apply(variables, gradients);
  });
}

/** One update of the generator's side alone. */
export function descendGenerator<S extends Sample>(
  variant: Variant<S>,
  batch: Batch,
  step: number,
  random: RandomStream,
): void {
  tf.tidy(() => {
    const { variables, gradients } = generatorGradient(variant, batch, step, random);
    variant.optimizers.generator.apply(variables, gradients);
  });
}
