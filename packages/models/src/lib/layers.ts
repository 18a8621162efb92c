import { batchNormTraining, conv2d, leakyRelu } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

// Stock layers whose forward pass uses our operations. They serialise as what they are, stock layers,
// so that `tf.loadLayersModel` reads a saved model without this package; a model loaded that way
// computes the same, more slowly when training.

type Layer = tf.layers.Layer;

/** What built stock layers hold but do not declare. */
interface Weights {
  readonly kernel: tf.LayerVariable;
  readonly bias: tf.LayerVariable | null;
  readonly gamma: tf.LayerVariable;
  readonly beta: tf.LayerVariable;
  readonly movingMean: tf.LayerVariable;
  readonly movingVariance: tf.LayerVariable;
}

type Call = (input: tf.Tensor, training: boolean, weights: Weights) => tf.Tensor;

/** Replaces a stock layer's forward pass, given its own one. */
function withCall(layer: Layer, make: (stock: Call) => Call): Layer {
  const original = layer.call.bind(layer);
  const call = make((input, training) => original(input, { training }) as tf.Tensor);
  layer.call = (inputs, kwargs) =>
    tf.tidy(() => {
      const input = Array.isArray(inputs) ? inputs[0]! : inputs;
      return call(input, kwargs?.['training'] === true, layer as unknown as Weights);
    });
  return layer;
}

/** Settings of {@link conv2dLayer}. */
export interface ConvLayerOptions {
  readonly name: string;
  readonly filters: number;
  readonly kernelSize: number;
  readonly strides: number;
  readonly useBias: boolean;
}

/** A stock Conv2D with 'same' padding whose gradient computes only what is asked for. */
export function conv2dLayer(options: ConvLayerOptions): Layer {
  const { strides } = options;
  return withCall(
    tf.layers.conv2d({ ...options, padding: 'same' }),
    () =>
      (x, _training, { kernel, bias }) =>
        conv2d(x as tf.Tensor4D, kernel.read() as tf.Tensor4D, {
          strides,
          pad: 'same',
          ...(bias && { bias: bias.read() }),
        }),
  );
}

/** A stock LeakyReLU that can be differentiated twice. */
export function leakyReluLayer(name: string, alpha: number): Layer {
  return withCall(tf.layers.leakyReLU({ name, alpha }), () => (x) => leakyRelu(x, alpha));
}

/** Share of the old moving average that a training pass keeps, and ε, as in PyTorch. */
const MOMENTUM = 0.9;
const EPSILON = 1e-5;

/**
 * A stock BatchNormalization over the last dimension, trained through a fused operation. Its moving
 * variance is the unbiased one.
 */
export function batchNormLayer(name: string): Layer {
  const options = { name, momentum: MOMENTUM, epsilon: EPSILON };
  return withCall(tf.layers.batchNormalization(options), (stock) => (x, training, weights) => {
    if (!training) return stock(x, training, weights);
    const { gamma, beta, movingMean, movingVariance } = weights;
    const read = (v: tf.LayerVariable) => v.read() as tf.Tensor1D;
    const { y, mean, variance } = batchNormTraining(x, read(gamma), read(beta), EPSILON);
    const n = x.size / mean.size;
    const unbiased = tf.mul(variance, n > 1 ? n / (n - 1) : 1);
    follow(movingMean, mean);
    follow(movingVariance, unbiased);
    return y;
  });
}

function follow(average: tf.LayerVariable, value: tf.Tensor): void {
  average.write(tf.add(tf.mul(average.read(), MOMENTUM), tf.mul(value, 1 - MOMENTUM)));
}
