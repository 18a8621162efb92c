import type { Term } from '@ganloom/core';
import {
  minibatchDiscriminationLayer,
  minibatchStandardDeviationLayer,
  modeSeeking,
} from '@ganloom/losses';
import { type HeadedChanges, spectrallyNormalized, unnormalized } from '@ganloom/models';
import type * as tf from '@tensorflow/tfjs';

/**
 * What keeps a generator from making the same thing again and again: changes of the discriminator (a
 * `head` before its logit, another normalization, a constraint of its layers), packs, unrolled steps, terms.
 * Augmentation is for the recipe to choose.
 */
export interface Cure extends HeadedChanges {
  /** Samples that the discriminator judges together; default 1. */
  readonly degree?: number;
  /** Updates of the discriminator that the generator foresees; default 0. */
  readonly unrolledSteps?: number;
  /** Beside those of the objective. */
  readonly terms?: readonly Term[];
}

const through = (layer: tf.layers.Layer) => (features: tf.SymbolicTensor) =>
  layer.apply(features) as tf.SymbolicTensor;

/** The cures of mode collapse that a user may name, made anew for each network. */
export const cures: Readonly<Record<string, () => Cure>> = {
  none: () => ({}),
  // The size of the MNIST experiments of Salimans et al. 2016, arXiv 1606.03498.
  'minibatch-discrimination': () => ({
    head: (features) =>
      through(minibatchDiscriminationLayer({ name: 'others', kernels: 50, dimensions: 5 }))(
        features,
      ),
  }),
  'minibatch-stddev': () => ({
    head: (features) => through(minibatchStandardDeviationLayer({ name: 'deviation' }))(features),
  }),
  'pacgan-2': () => ({ degree: 2 }),
  'pacgan-4': () => ({ degree: 4 }),
  // As many steps as Metz et al. 2016 (arXiv 1611.02163) unroll for the ring.
  unrolled: () => ({ unrolledSteps: 5 }),
  'mode-seeking': () => ({ terms: [modeSeeking()] }),
  'spectral-norm': () => ({ normalize: unnormalized, constrain: spectrallyNormalized }),
};
