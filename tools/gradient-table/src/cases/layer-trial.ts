import * as tf from '@tensorflow/tfjs';
import type { Trial } from '../gradient-case';

/** The values of a layer's weight: by its number among those of the layer, from 0, and its size. */
export const weight = (i: number, size: number): Float32Array =>
  Float32Array.from({ length: size }, (_, k) => Math.sin(1 + i + 1.9 * k));

/** What a layer is to be at one shape of its input. */
export interface LayerSetting {
  readonly shape: number[];
  readonly make: () => tf.layers.Layer;
  /** Of a layer whose weights are {@link weight}. */
  readonly reference: (x: Float64Array) => ArrayLike<number>;
  /** Default true. */
  readonly training?: boolean;
  /** Makes the layer ready once it has its weights. */
  readonly prepare?: (layer: tf.layers.Layer) => void;
}

function build({ shape, make, prepare }: LayerSetting): tf.layers.Layer {
  const layer = make();
  layer.build([null, ...shape.slice(1)]);
  tf.tidy(() => {
    const weights = layer.getWeights();
    layer.setWeights(weights.map(({ shape: s, size }, i) => tf.tensor(weight(i, size), s)));
    prepare?.(layer);
  });
  return layer;
}

/** A layer as an operation on its input, its weights being constants. */
export function layerTrial(setting: LayerSetting): Trial {
  const { shape, reference, training = true } = setting;
  // One for each backend, as a variable lives on the one that made it.
  const made = new Map<string, tf.layers.Layer>();
  return {
    shapes: [shape],
    op: (x) => {
      const backend = tf.getBackend();
      const layer = made.get(backend) ?? build(setting);
      made.set(backend, layer);
      return layer.apply(x!, { training }) as tf.Tensor;
    },
    reference: (x) => reference(x!),
  };
}
