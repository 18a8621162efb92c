import * as tf from '@tensorflow/tfjs';
import { inputValues, type Trial } from '../gradient-case';

/** What a layer is to be at one shape of its input. */
export interface LayerSetting {
  /** Of the input, and of the layer's trainable weights. */
  readonly shapes: readonly [number[], ...number[][]];
  readonly make: () => tf.layers.Layer;
  /** Of the input and the trainable weights. */
  readonly reference: (x: Float64Array, ...weights: Float64Array[]) => ArrayLike<number>;
  /** Default true. */
  readonly training?: boolean;
  /** Makes the layer ready once it has its weights. */
  readonly prepare?: (layer: tf.layers.Layer) => void;
}

/** A layer as an operation on its input and its weights, whose slope in the input is penalized. */
export function layerTrial(setting: LayerSetting): Trial {
  const { shapes, reference, training = true, make, prepare } = setting;
  // One for each backend, as a variable lives on the one that made it.
  const made = new Map<string, tf.layers.Layer>();
  const trial: Trial = {
    shapes,
    penalized: 1,
    op: (x, ...weights) => {
      const backend = tf.getBackend();
      const layer = made.get(backend) ?? build();
      made.set(backend, layer);
      const variables = read(layer);
      bind(layer, weights);
      try {
        return layer.apply(x!, { training }) as tf.Tensor;
      } finally {
        bind(layer, variables);
      }
    },
    reference: (x, ...weights) => reference(x!, ...weights),
  };

  const build = () => {
    const layer = make();
    const [, ...values] = inputValues(trial);
    layer.build([null, ...shapes[0].slice(1)]);
    tf.tidy(() => {
      const variables = read(layer) as tf.Variable[];
      variables.forEach((variable, i) => variable.assign(tf.tensor(values[i]!, variable.shape)));
      prepare?.(layer);
    });
    return layer;
  };
  return trial;
}

/** What is behind a layer's trainable weight: a variable, or a tensor in its place. */
type Behind = { val: tf.Tensor };

const behind = (layer: tf.layers.Layer) => layer.trainableWeights as unknown as Behind[];

const read = (layer: tf.layers.Layer) => behind(layer).map(({ val }) => val);

/** Lets a layer compute with other tensors than its variables. */
function bind(layer: tf.layers.Layer, values: readonly tf.Tensor[]): void {
  behind(layer).forEach((weight, i) => {
    weight.val = values[i]!;
  });
}
