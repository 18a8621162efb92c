import { type Batch, RandomStream, type Sample, type Variant } from '@ganloom/core';
import { sgd } from '@ganloom/optimizers';
import { disposeVariant } from '@ganloom/tiny-gan';
import * as tf from '@tensorflow/tfjs';
import { encounterOf, meet } from '../src/lib/encounter';
import { objective } from '../src/lib/objective';
import { type AdversarialVariant, isAdversarial } from '../src/lib/plan';
import { descendDiscriminator, descendGenerator } from './descend';
import { trainableVariables } from '../src/lib/variables';

/** The slope of an objective along one direction of a side's weights. */
export interface Slopes {
  /** Of the gradient that the side's step descends. */
  readonly descended: number;
  /** By differences of the objective. */
  readonly measured: number;
}

const random = () => RandomStream.fromSeed(3);

/**
 * Of G's loss after `unrolledSteps` updates of D with `learningRate` along its gradient: they are
 * measured by really making them.
 *
 * `make` gives the same variant each time; it is disposed here, with what it remembers. For variants
 * whose generator has no terms.
 */
export function slopesOfGenerator<S extends Sample>(
  make: () => Omit<Variant<S>, 'optimizers'>,
  batch: Batch,
  learningRate: number,
): Slopes {
  return slopes({
    make,
    learningRates: { generator: 1, discriminator: learningRate },
    side: 'generator',
    descend: (variant) => descendGenerator(variant, batch, 1, random()),
    evaluate(variant) {
      const fake = variant.game.fake(batch, random().fork('fake'));
      // What adapts to what D says in its updates rests while they are only foreseen.
      const game = { ...variant.game, fake: () => fake, observe: () => {} };
      const { discriminatorSteps = 1, updates } = variant;
      for (let k = 0; k < variant.unrolledSteps!; k++) {
        const chances = random().fork(`unrolled-${k}`);
        // In alternation, G's first step comes after D's.
        const step = (updates === 'simultaneous' ? 1 : 2) + Math.floor(k / discriminatorSteps);
        descendDiscriminator({ ...variant, game }, batch, step, chances);
      }
      return meet(encounterOf(game, batch, random()), (context) =>
        variant.loss.generator(context.fakeCritique(), context.realCritique, context),
      );
    },
  });
}

/** Of D's objective, with its terms; otherwise as {@link slopesOfGenerator}. */
export function slopesOfDiscriminator<S extends Sample>(
  make: () => Omit<Variant<S>, 'optimizers'>,
  batch: Batch,
): Slopes {
  return slopes({
    make,
    learningRates: { generator: 1, discriminator: 1 },
    side: 'discriminator',
    descend: (variant) => descendDiscriminator(variant, batch, 1, random()),
    evaluate({ game, loss, terms = [] }) {
      return meet(encounterOf(game, batch, random()), (context) => {
        const [onReal, onFake] = [context.realCritique(), context.fakeCritique()];
        const adversarial = loss.discriminator(onReal, onFake, context);
        return objective('discriminator', adversarial, terms, context, 1, undefined);
      });
    },
  });
}

interface Comparison<S extends Sample> {
  readonly make: () => Omit<Variant<S>, 'optimizers'>;
  readonly learningRates: { readonly generator: number; readonly discriminator: number };
  readonly side: 'generator' | 'discriminator';
  /** A step of length one along the gradient, so that weights tell it. */
  descend(variant: AdversarialVariant<S>): void;
  evaluate(variant: AdversarialVariant<S>): tf.Scalar;
}

function slopes<S extends Sample>(comparison: Comparison<S>): Slopes {
  const { descend, evaluate } = comparison;
  const descended = using(comparison, (variant, weights) => {
    const before = weights.map((weight) => tf.mul(weight, 1));
    descend(variant);
    const changes = weights.map((weight, i) => tf.sub(before[i]!, weight));
    return tf.addN(changes.map((change, i) => tf.sum(tf.mul(change, direction(change, i)))));
  });
  const at = (distance: number) =>
    using(comparison, (variant, weights) => {
      weights.forEach((w, i) => w.assign(tf.add(w, tf.mul(direction(w, i), distance))));
      return evaluate(variant);
    });
  const central = (h: number) => (at(h) - at(-h)) / (2 * h);
  // Richardson's: wide enough steps for float32, and an error of h⁴.
  return { descended, measured: (4 * central(0.01) - central(0.02)) / 3 };
}

function direction({ shape }: tf.Tensor, i: number): tf.Tensor {
  return RandomStream.fromSeed(40 + i).normal(shape, 0, 0.3);
}

function using<S extends Sample>(
  { make, learningRates, side }: Comparison<S>,
  evaluate: (variant: AdversarialVariant<S>, weights: tf.Variable[]) => tf.Tensor,
): number {
  const variant: Variant<S> = {
    ...make(),
    optimizers: {
      generator: sgd({ learningRate: learningRates.generator }),
      discriminator: sgd({ learningRate: learningRates.discriminator }),
    },
  };
  if (!isAdversarial(variant)) throw new Error('slopes: the variant must have a loss');
  const { game, loss, terms = [] } = variant;
  const [value] = tf.tidy(() => [...evaluate(variant, trainableVariables(game[side])).dataSync()]);
  disposeVariant(variant);
  tf.dispose([game, loss, ...terms].map(({ state = {} }) => Object.values(state)));
  return value!;
}
