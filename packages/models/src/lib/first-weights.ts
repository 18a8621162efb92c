import { type RandomStream, UsageError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { classOf, drawInitializer } from './draw-initializer';
import { originOf, type WeightOrigin } from './initializer-memory';

/** A weight that a stock layer has left to its default initializer. */
export interface StockWeight {
  /** The layer's name. */
  readonly layer: string;
  readonly kind: 'kernel' | 'gamma';
  readonly shape: readonly number[];
}

/** How a weight begins: as N(mean, stddev). */
export interface FirstNormal {
  readonly mean: number;
  readonly stddev: number;
  /** Name of the fork that it is drawn from; default: `layer/kind`. */
  readonly fork?: string;
}

/** What a network's paper says of the weights that its layers say nothing of; undefined: nothing. */
export type FirstWeightsLaw = (weight: StockWeight) => FirstNormal | undefined;

/** The defaults of TensorFlow.js that a law takes the place of. */
const DEFAULTS: Readonly<Record<string, Partial<Record<string, string>>>> = {
  Dense: { kernel: 'GlorotNormal' },
  Conv1D: { kernel: 'GlorotNormal' },
  Conv2D: { kernel: 'GlorotNormal' },
  Conv2DTranspose: { kernel: 'GlorotNormal' },
  Conv3D: { kernel: 'GlorotNormal' },
  Conv3DTranspose: { kernel: 'GlorotNormal' },
  BatchNormalization: { gamma: 'Ones' },
};

/**
 * Draws the weights that learn anew, from the seeded stream alone.
 *
 * A weight that a stock layer leaves to the default of TensorFlow.js begins as the law says. Any other
 * begins as its layer's initializer says: random ones draw from the stream, constant ones stay. Each
 * weight has a fork named `layer/kind`, a network within a network one of its name, so that no weight
 * depends on others.
 *
 * An initializer of TensorFlow.js can be given by name or as an object; where it is the layer's default
 * and has no seed, nobody can tell that it was given, and the law holds.
 *
 * @throws UsageError for a weight whose initializer is not known, as it was made before this package
 *   could see it.
 */
export function drawFirstWeights(
  model: tf.LayersModel,
  random: RandomStream,
  law: FirstWeightsLaw,
): tf.LayersModel {
  for (const layer of model.layers) {
    if (layer instanceof tf.LayersModel) {
      drawFirstWeights(layer, random.fork(layer.name), law);
      continue;
    }
    const met = new Map<string, number>();
    for (const weight of layer.trainableWeights) {
      // Names are `layer/kernel`; wrapped layers bring several of one kind.
      const kind = weight.originalName.split('/').pop()!;
      const place = met.get(kind) ?? 0;
      met.set(kind, place + 1);
      const stream = (fork: string) => random.fork(place === 0 ? fork : `${fork}_${place}`);
      const shape = weight.shape as number[];
      const origin = originOf(layer, weight, kind) ?? refuse(layer, kind);
      const normal = isDefault(origin, kind)
        ? law({ layer: layer.name, kind: kind as StockWeight['kind'], shape })
        : undefined;
      const fork = `${layer.name}/${kind}`;
      tf.tidy(() => {
        const value = normal
          ? stream(normal.fork ?? fork).normal(shape, normal.mean, normal.stddev)
          : drawInitializer(origin.initializer, shape, stream(fork));
        if (value) weight.write(value);
      });
    }
  }
  return model;
}

function isDefault({ initializer, layer }: WeightOrigin, kind: string): boolean {
  const { seed } = initializer.getConfig();
  const isUnseeded = seed === undefined || seed === null;
  return isUnseeded && DEFAULTS[layer.getClassName()]?.[kind] === classOf(initializer);
}

function refuse(layer: tf.layers.Layer, kind: string): never {
  throw new UsageError(
    `initialize: the initializer of "${layer.name}/${kind}" must be known, got a weight made before; ` +
      'call registerLayers() before its layer is built',
  );
}
