import type { RandomStream } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

type Layer = tf.layers.Layer;

/** A network of these layers in a row. */
export function inARow(shape: number[], ...layers: Layer[]): tf.LayersModel {
  const input = tf.input({ shape });
  const outputs = layers.reduce((at, layer) => layer.apply(at) as tf.SymbolicTensor, input);
  return tf.model({ inputs: input, outputs });
}

/** One hidden layer between values of these shapes, with weights from a seed. */
export function dense(random: RandomStream, from: number[], to: number[]): tf.LayersModel {
  const units = (shape: number[]) => shape.reduce((product, d) => product * d, 1);
  return withSeededWeights(
    inARow(
      from,
      tf.layers.reshape({ targetShape: [units(from)] }),
      tf.layers.dense({ units: 6, activation: 'tanh' }),
      tf.layers.dense({ units: units(to) }),
      tf.layers.reshape({ targetShape: to }),
    ),
    random,
  );
}

/** The network itself: initializers of TensorFlow.js ignore their seeds. */
export function withSeededWeights(model: tf.LayersModel, random: RandomStream): tf.LayersModel {
  tf.tidy(() =>
    model.setWeights(model.weights.map(({ shape }) => random.normal(shape as number[], 0, 0.5))),
  );
  return model;
}

/** x ↦ factor · x, of pictures with one channel. */
export function times(factor: number, shape: number[] = [1, 2, 1]): tf.LayersModel {
  const kernelInitializer = tf.initializers.constant({ value: factor });
  return inARow(
    shape,
    tf.layers.conv2d({ filters: 1, kernelSize: 1, useBias: false, kernelInitializer }),
  );
}

/** The sum of all values, `[batch, 1]`. */
export function sum(shape: number[] = [1, 2, 1]): tf.LayersModel {
  const { flatten, dense: denseLayer } = tf.layers;
  return inARow(shape, flatten(), denseLayer({ units: 1, kernelInitializer: 'ones' }));
}

/** Adds noise from the stream that the pass is given. */
export function noisy(shape: number[] = [1, 2, 1]): tf.LayersModel {
  return inARow(shape, new Noise());
}

class Noise extends tf.layers.Layer {
  static readonly className = 'TestNoise';
  override computeOutputShape(shape: tf.Shape): tf.Shape {
    return shape;
  }
  override call(inputs: tf.Tensor[], { random }: { random: RandomStream }): tf.Tensor {
    return tf.tidy(() => tf.add(inputs[0]!, random.normal(inputs[0]!.shape)));
  }
}

export function disposeModels(...models: tf.LayersModel[]): void {
  for (const model of models) model.dispose();
}
