import { type Batch, RandomStream, type Sample, type Variant } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { type AdversarialVariant, isAdversarial } from '../lib/plan';
import { sgd } from '../lib/sgd';
import { discriminatorStep, generatorStep } from '../lib/steps';
import { trainableVariables } from '../lib/variables';
import { disposeVariant } from './tiny';

/** A variant but for the generator's optimizer. */
export type Played<B extends Batch, S extends Sample> = Omit<Variant<B, S>, 'optimizers'> & {
  readonly optimizers: Pick<Required<Variant<B, S>['optimizers']>, 'discriminator'>;
};

export interface Slopes {
  /** Of the gradient that the generator's step descends. */
  readonly foreseen: number;
  /** By differences of the loss that G has after D's updates have really been made. */
  readonly played: number;
}

const random = () => RandomStream.fromSeed(3);

/**
 * The slope of G's loss along one direction of its weights under `unrolledSteps` updates of D, twice.
 * `make` gives the same variant each time; it is disposed here, with what it remembers. For variants
 * whose generator has no terms.
 */
export function slopes<B extends Batch, S extends Sample>(
  make: () => Played<B, S>,
  batch: B,
): Slopes {
  const foreseen = using(make(), (variant, theta) => {
    const before = theta.map((weight) => tf.mul(weight, 1));
    generatorStep(variant, batch, 1, random(), undefined);
    const changes = theta.map((weight, i) => tf.sub(before[i]!, weight));
    return tf.addN(changes.map((change, i) => tf.sum(tf.mul(change, direction(change, i)))));
  });
  const lossAt = (distance: number) =>
    using(make(), (variant, theta) => {
      theta.forEach((w, i) => w.assign(tf.add(w, tf.mul(direction(w, i), distance))));
      return lossAfterUpdates(variant, batch);
    });
  const central = (h: number) => (lossAt(h) - lossAt(-h)) / (2 * h);
  // Richardson's: wide enough steps for float32, and an error of h⁴.
  return { foreseen, played: (4 * central(0.01) - central(0.02)) / 3 };
}

/** Really makes the updates, on the samples and with the chances of the generator's step. */
function lossAfterUpdates<B extends Batch, S extends Sample>(
  variant: AdversarialVariant<B, S>,
  batch: B,
): tf.Scalar {
  const fake = variant.game.fake(batch, random().fork('fake'));
  // What adapts to what D says in its updates rests while they are only foreseen.
  const game = { ...variant.game, fake: () => fake, observe: () => {} };
  for (let k = 0; k < variant.unrolledSteps!; k++) {
    const chances = random().fork(`unrolled-${k}`);
    discriminatorStep({ ...variant, game }, batch, 1, chances, undefined);
  }
  const critique = (sample: S, of: string) =>
    game.critique(sample, batch, random().fork(`${of}-critique`));
  return variant.loss.generator(critique(fake, 'fake'), () => critique(game.real(batch), 'real'));
}

function direction({ shape }: tf.Tensor, i: number): tf.Tensor {
  return RandomStream.fromSeed(40 + i).normal(shape, 0, 0.3);
}

function using<B extends Batch, S extends Sample>(
  made: Played<B, S>,
  evaluate: (variant: AdversarialVariant<B, S>, theta: tf.Variable[]) => tf.Tensor,
): number {
  // Steps of length one along the gradient, so that weights tell it.
  const generator = sgd({ learningRate: 1 });
  const variant = { ...made, optimizers: { ...made.optimizers, generator } };
  if (!isAdversarial(variant)) throw new Error('slopes: the variant must have a loss');
  const { game, loss, terms = [] } = variant;
  const [value] = tf.tidy(() => [
    ...evaluate(variant, trainableVariables(game.generator)).dataSync(),
  ]);
  disposeVariant(variant);
  tf.dispose([game, loss, ...terms].map(({ state = {} }) => Object.values(state)));
  return value!;
}
