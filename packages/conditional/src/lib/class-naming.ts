import { requireNumbers, type Term, unpack } from '@ganloom/core';
import { forward } from '@ganloom/gradients';
import { denseLayer, featuresOf, logitOf, sampleInput } from '@ganloom/models';
import * as tf from '@tensorflow/tfjs';
import { classCrossEntropy } from './class-cross-entropy';
import type { DiscriminatorConditioning, LabeledPictures } from './conditioning';
import { degreeOf } from './labels';
import { apply } from './networks';

/** Settings of {@link classNaming}. */
export interface ClassNamingOptions {
  /**
   * Weight of the class terms beside the adversarial loss; default 0.2. The paper's 1 asks so loudly
   * for what is easily recognized that all pictures of a class become alike.
   */
  readonly weight?: number;
  /**
   * Whether D learns the classes of fakes too, as in the paper. Default false: then both sides soon
   * agree on signs of a class that no real picture bears.
   */
  readonly fakes?: boolean;
}

/**
 * A discriminator that does not see classes but names them; G is asked for pictures whose class D
 * recognizes.
 *
 * L_D ← L_D + CE(class(x), y) [+ CE(class(G(z, y)), y), with `fakes`]
 * L_G ← L_G + CE(class(G(z, y)), y)
 *
 * Odena, Olah and Shlens 2017 (arXiv 1610.09585). Critiques hold `classLogits` `[batch, classes]`
 * besides `logits`. Of pictures that are judged together D names each one's class, and says of all
 * together whether they are real.
 *
 * @throws UsageError if the weight is no positive number.
 */
export function classNaming({
  weight = 0.2,
  fakes = false,
}: ClassNamingOptions = {}): DiscriminatorConditioning {
  requireNumbers('classNaming', { weight }, { above: 0 });
  const term = (
    player: Term['player'],
    name: string,
    of: 'real' | 'fake',
  ): Term<LabeledPictures> => ({
    player,
    name,
    weight,
    value(context) {
      const { classLogits } = of === 'real' ? context.realCritique() : context.fakeCritique();
      return classCrossEntropy(classLogits as tf.Tensor2D, context[of].labels);
    },
  });
  return {
    name: 'class-naming',
    network(architecture, classes, degree, changes) {
      const picture = sampleInput(architecture, degree);
      const features = featuresOf(architecture, picture, changes);
      const names = denseLayer({ name: 'class_logits', units: degree * classes });
      const named = apply(changes?.constrain?.(names) ?? names, features);
      const outputs = [logitOf(features, changes), named];
      return tf.model({ name: 'discriminator', inputs: picture, outputs });
    },
    critique(network, { images, labels }, random) {
      const outputs = forward<tf.Tensor[]>(network, images, { training: true, random });
      return { logits: outputs[0]!, classLogits: unpack(outputs[1]!, degreeOf(labels)) };
    },
    terms: [
      term('discriminator', 'real-class', 'real'),
      ...(fakes ? [term('discriminator', 'fake-class', 'fake')] : []),
      term('generator', 'class', 'fake'),
    ],
  };
}
