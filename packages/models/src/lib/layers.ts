import {
  batchNormTraining,
  concatenate,
  conv2d,
  dense,
  leakyRelu,
  moveTowards,
} from '@ganloom/gradients';
import * as tf from '@tensorflow/tfjs';
import { rememberInitializers } from './initializer-memory';

// Stock layers whose forward pass uses our operations. They serialize as what they are, stock layers,
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
  readonly embeddings: tf.LayerVariable;
  readonly activation: { apply(x: tf.Tensor): tf.Tensor };
}

type Call = (input: tf.Tensor, training: boolean, weights: Weights) => tf.Tensor;

/** Replaces a stock layer's forward pass, given its own one. */
export function withCall(layer: Layer, make: (stock: Call) => Call): Layer {
  rememberInitializers();
  const original = layer.call.bind(layer);
  const call = make((input, training) => original(input, { training }) as tf.Tensor);
  layer.call = (inputs, kwargs) =>
    tf.tidy(() => {
      const input = Array.isArray(inputs) ? inputs[0]! : inputs;
      return call(input, kwargs?.['training'] === true, layer as unknown as Weights);
    });
  return layer;
}

/** Settings of {@link denseLayer}. */
export interface DenseLayerOptions {
  readonly name: string;
  readonly units: number;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default 'linear'. */
  readonly activation?: 'linear' | 'tanh';
}

/** A stock Dense layer of vectors `[batch, inputs]`, in fewer calls. */
export function denseLayer(options: DenseLayerOptions): Layer {
  return withCall(tf.layers.dense({ ...options }), () => (x, _training, weights) => {
    const { kernel, bias, activation } = weights;
    const product = dense(
      x as tf.Tensor2D,
      kernel.read() as tf.Tensor2D,
      bias ? (bias.read() as tf.Tensor1D) : undefined,
    );
    return activation.apply(product);
  });
}

/** Settings of {@link conv2dLayer}. */
export interface ConvLayerOptions {
  readonly name: string;
  readonly filters: number;
  readonly kernelSize: number;
  readonly strides: number;
  readonly useBias: boolean;
  /** Fused with the convolution. Default 'linear'. */
  readonly activation?: 'linear' | 'relu';
}

/** A stock Conv2D with 'same' padding whose gradient computes only what is asked for. */
export function conv2dLayer(options: ConvLayerOptions): Layer {
  const { strides, activation = 'linear' } = options;
  return withCall(
    tf.layers.conv2d({ ...options, padding: 'same' }),
    () =>
      (x, _training, { kernel, bias }) =>
        conv2d(x as tf.Tensor4D, kernel.read() as tf.Tensor4D, {
          strides,
          pad: 'same',
          activation,
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

/** Settings of {@link batchNormLayer}. */
export interface BatchNormLayerOptions {
  /**
   * Whether γ and β learn; default true. If not, they stay 1 and 0: the layer only standardizes, as
   * one without scale and center would, which TensorFlow.js cannot train.
   */
  readonly affine?: boolean;
}

/**
 * A stock BatchNormalization over the last dimension, trained through a fused operation. Its moving
 * variance is the unbiased one.
 */
export function batchNormLayer(name: string, { affine = true }: BatchNormLayerOptions = {}): Layer {
  const options = { name, momentum: MOMENTUM, epsilon: EPSILON, trainable: affine };
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
  moveTowards(average.read() as tf.Variable, value, 1 - MOMENTUM);
}

/** Settings of {@link embeddingLayer}. */
export interface EmbeddingLayerOptions {
  readonly name: string;
  /** Number of vectors. */
  readonly classes: number;
  /** Length of each. */
  readonly size: number;
  /** The vectors begin as N(mean, stddev). Default: N(0, 1). */
  readonly mean?: number;
  readonly stddev?: number;
}

/**
 * A stock Embedding, from class indices `[batch, 1]` to vectors `[batch, 1, size]`, by a product with
 * one-hot vectors: its gradient is a product too, and can be differentiated. An index that is none of
 * the classes gives zeros while ours, and whatever the backend makes of it once loaded by stock
 * TensorFlow.js; check labels before.
 */
export function embeddingLayer(options: EmbeddingLayerOptions): Layer {
  const { name, classes, size, mean = 0, stddev = 1 } = options;
  const layer = tf.layers.embedding({
    name,
    inputDim: classes,
    outputDim: size,
    // TensorFlow.js takes a standard deviation of 0 for none given.
    embeddingsInitializer:
      stddev === 0
        ? tf.initializers.constant({ value: mean })
        : tf.initializers.randomNormal({ mean, stddev }),
  });
  return withCall(layer, () => (labels, _training, { embeddings }) => {
    const oneHot = tf.oneHot(tf.reshape(tf.cast(labels, 'int32'), [-1]), classes);
    const rows = tf.matMul(tf.cast(oneHot, 'float32'), embeddings.read() as tf.Tensor2D);
    return tf.reshape(rows, [...labels.shape, size]);
  });
}

/**
 * A stock Concatenate over the last dimension. Its gradient is made of slices: that of `tf.concat` is
 * a split, which the stock CPU kernels, and so backends that borrow it, do a value at a time.
 */
export function concatenateLayer(name: string): Layer {
  const layer = tf.layers.concatenate({ name, axis: -1 }) as Layer;
  layer.call = (inputs) => tf.tidy(() => concatenate(inputs as tf.Tensor[]));
  return layer;
}
