import { conv2d, dense, leakyRelu } from '@ganloom/gradients';
import { minibatchDiscrimination, minibatchStandardDeviation } from '@ganloom/losses';
import { batchNormLayer, pixelShuffle, spectrallyNormalized, spectralNorm } from '@ganloom/models';
import * as tf from '@tensorflow/tfjs';
import { type GradientCase, inputValues, type Trial } from '../gradient-case';
import {
  along,
  biased,
  convolve,
  each,
  mean,
  normalize,
  product,
  relu,
  scaled,
  total,
  variance,
} from '../references';
import { layerTrial } from './layer-trial';
import { shuffles, shuffleTrial } from './picture-cases';

/** σ(W) of `[rows, columns]` and its right singular vector, by a high power of WᵀW. */
function largest(w: ArrayLike<number>, columns: number) {
  const gram = new Float64Array(columns ** 2);
  for (let at = 0; at < w.length; at += columns) {
    for (let i = 0; i < columns; i++) {
      for (let k = 0; k < columns; k++) gram[i * columns + k]! += w[at + i]! * w[at + k]!;
    }
  }
  let power: ArrayLike<number> = gram;
  for (let squaring = 0; squaring < 12; squaring++) {
    const square = product(power, power, columns);
    const scale = Math.max(...square.map(Math.abs));
    power = square.map((v) => v / scale);
  }
  const column = product(
    power,
    Array.from({ length: columns }, (_, i) => 1 + i / 7),
    columns,
  );
  const norm = Math.hypot(...column);
  const u = column.map((v) => v / norm);
  return { sigma: Math.sqrt(total(product(gram, u, columns).map((v, i) => v * u[i]!))), u };
}

const divided = (w: Float64Array, columns: number) => {
  const { sigma } = largest(w, columns);
  return w.map((v) => v / sigma);
};

/**
 * A function of x and of W / σ(W). The singular vectors are constants to σ's gradient, which is
 * therefore right once, and not twice, in W; a penalty on the gradient in x takes it once.
 */
function spectralTrial(
  shapes: readonly [number[], number[]],
  op: (x: tf.Tensor, w: tf.Tensor) => tf.Tensor,
  reference: (x: Float64Array, w: Float64Array) => number[],
): Trial {
  const columns = shapes[1].at(-1)!;
  const trial: Trial = {
    shapes,
    penalized: 1,
    op: (x, w) => {
      const { u } = largest(inputValues(trial)[1]!, columns);
      const matrix = tf.reshape(w!, [-1, columns]) as tf.Tensor2D;
      const { sigma } = spectralNorm(matrix, tf.tensor2d(u, [columns, 1]));
      return op(x!, tf.div(w!, sigma));
    },
    reference: (x, w) => reference(x!, divided(w!, columns)),
  };
  return trial;
}

/** Trains u until it is the singular vector. */
const converge = (shape: number[]) => (layer: tf.layers.Layer) => {
  for (let i = 0; i < 100; i++) {
    tf.tidy(() => void layer.apply(tf.zeros(shape), { training: true }));
  }
};

function discriminationTrial(n: number, a: number, b: number, c: number): Trial {
  return {
    shapes: [
      [n, a],
      [a, b, c],
    ],
    op: (x, t) => minibatchDiscrimination(x as tf.Tensor2D, t as tf.Tensor3D),
    reference: (x, t) => {
      const m = product(x!, t!, a);
      const at = (i: number, k: number, j: number) => m[(i * b + k) * c + j]!;
      return Array.from({ length: n }, (_, i) => [
        ...x!.subarray(i * a, (i + 1) * a),
        ...Array.from({ length: b }, (__, k) => {
          const close = Array.from({ length: n }, (___, other) =>
            other === i
              ? 0
              : Math.exp(
                  -total(
                    Array.from({ length: c }, (____, j) => Math.abs(at(i, k, j) - at(other, k, j))),
                  ),
                ),
          );
          return total(close) / Math.max(n - 1, 1);
        }),
      ]).flat();
    },
  };
}

function deviationTrial(shape: number[], groupSize: number): Trial {
  const [n, channels] = [shape[0]!, shape.at(-1)!];
  const size = shape.slice(1).reduce((a, b) => a * b, 1);
  const groups = n / Math.min(groupSize, n);
  return {
    shapes: [shape],
    op: (x) => minibatchStandardDeviation(x!, groupSize),
    reference: (x) => {
      // Example i is in group i mod their number.
      const deviations = Array.from({ length: groups }, (_, g) =>
        mean(
          Array.from({ length: size }, (__, p) => {
            const values = Array.from(
              { length: n / groups },
              (___, k) => x![(k * groups + g) * size + p]!,
            );
            return Math.sqrt(variance(values) + 1e-8);
          }),
        ),
      );
      return Array.from({ length: (n * size) / channels }, (_, position) => [
        ...x!.subarray(position * channels, (position + 1) * channels),
        deviations[Math.floor((position * channels) / size) % groups]!,
      ]).flat();
    },
  };
}

const batchNormTrial = (shape: number[], affine: boolean): Trial =>
  layerTrial({
    shapes: affine ? [shape, shape.slice(-1), shape.slice(-1)] : [shape],
    make: () => batchNormLayer('norm', { affine }),
    // Where they do not learn, γ and β are 1 and 0.
    prepare: (layer) => {
      const channels = shape.at(-1)!;
      if (!affine) {
        layer.setWeights([
          ...[tf.ones([channels]), tf.zeros([channels])],
          ...layer.getWeights().slice(2),
        ]);
      }
    },
    reference: (x, gamma, beta) => {
      const axes = shape.slice(0, -1).map((_, d) => d);
      return scaled(along(shape, axes, (values) => normalize(values, 1e-5))(x), gamma, beta);
    },
  });

const batchNorm = (name: string, affine: boolean): GradientCase => ({
  name,
  trials: [
    [4, 2],
    [3, 2, 1, 3],
  ].map((shape) => batchNormTrial(shape, affine)),
});

export const ganloomCases: readonly GradientCase[] = [
  {
    name: 'spectral norm, dense: x·W/σ(W)',
    trials: (
      [
        [
          [4, 2],
          [2, 3],
        ],
        [
          [1, 3],
          [3, 2],
        ],
        [
          [2, 4],
          [4, 1],
        ],
      ] as const
    ).map(([x, w]) =>
      spectralTrial(
        [[...x], [...w]],
        (a, b) => tf.matMul(a, b),
        (a, b) => product(a, b, w[0]),
      ),
    ),
  },
  {
    name: 'spectral norm, convolution: x ∗ W/σ(W)',
    trials: (
      [
        { shape: [1, 4, 3, 2], filter: [3, 3, 2, 2], stride: 1 },
        { shape: [2, 5, 4, 1], filter: [4, 4, 1, 3], stride: 2 },
      ] as const
    ).map(({ shape, filter, stride }) =>
      spectralTrial(
        [[...shape], [...filter]],
        (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, 'same'),
        convolve(shape, filter, { stride }),
      ),
    ),
  },
  {
    name: 'spectrallyNormalized(layers.dense)',
    trials: [
      { shape: [4, 3], units: 2 },
      { shape: [1, 2], units: 3 },
    ].map(({ shape, units }) =>
      layerTrial({
        shapes: [shape, [shape[1]!, units], [units]],
        make: () => spectrallyNormalized(tf.layers.dense({ units, activation: 'relu' })),
        prepare: converge(shape),
        reference: (x, kernel, bias) =>
          biased(product(x, divided(kernel!, units), shape[1]!), bias).map(relu),
      }),
    ),
  },
  {
    name: 'spectrallyNormalized(layers.conv2d)',
    trials: [
      { shape: [2, 4, 3, 2], filter: [3, 3, 2, 3], stride: 2 },
      { shape: [1, 3, 4, 1], filter: [2, 2, 1, 2], stride: 1 },
    ].map(({ shape, filter, stride }) => {
      const filters = filter[3]!;
      return layerTrial({
        shapes: [shape, filter, [filters]],
        make: () =>
          spectrallyNormalized(
            tf.layers.conv2d({ filters, kernelSize: filter[0]!, strides: stride, padding: 'same' }),
          ),
        prepare: converge(shape),
        reference: (x, kernel, bias) =>
          biased(convolve(shape, filter, { stride })(x, divided(kernel!, filters)), bias),
      });
    }),
  },
  {
    name: 'minibatchDiscrimination, also in its projection',
    trials: [
      discriminationTrial(3, 2, 2, 2),
      discriminationTrial(4, 3, 1, 3),
      discriminationTrial(2, 1, 3, 1),
      discriminationTrial(1, 3, 2, 2),
    ],
  },
  {
    name: 'minibatchStandardDeviation',
    trials: [
      deviationTrial([4, 3], 2),
      deviationTrial([3, 2], 4),
      deviationTrial([4, 2, 2, 2], 2),
      deviationTrial([4, 1, 3, 1], 4),
      deviationTrial([1, 2, 2, 2], 4),
    ],
  },
  batchNorm('batchNormLayer', true),
  batchNorm('batchNormLayer, affine: false', false),
  { name: 'pixelShuffle', trials: shuffles.map((shuffle) => shuffleTrial(shuffle, pixelShuffle)) },
  {
    name: 'leakyRelu of ganloom',
    trials: [[2, 4], [5], [1, 2, 3, 2]].map((shape) => ({
      shapes: [shape],
      op: (x) => leakyRelu(x!, 0.2),
      reference: (x) => each((v) => (v > 0 ? v : 0.2 * v))(x!),
    })),
  },
  {
    name: 'dense of ganloom, also in its bias',
    trials: [
      [[2, 3], [3, 2], [2]],
      [[1, 4], [4, 3], [3]],
    ].map((shapes) => ({
      shapes,
      op: (x, kernel, bias) => dense(x as tf.Tensor2D, kernel as tf.Tensor2D, bias as tf.Tensor1D),
      reference: (x, kernel, bias) => biased(product(x!, kernel!, shapes[1]![0]!), bias),
    })),
  },
  {
    name: 'conv2d of ganloom, leaky ReLU, also in its bias',
    trials: [
      { shape: [1, 4, 3, 2], filter: [3, 3, 2, 2], strides: 1 },
      { shape: [2, 5, 2, 1], filter: [4, 4, 1, 3], strides: 2 },
    ].map(({ shape, filter, strides }) => ({
      shapes: [shape, filter, [filter[3]!]],
      op: (x, f, bias) =>
        conv2d(x as tf.Tensor4D, f as tf.Tensor4D, {
          strides,
          bias: bias!,
          activation: 'leakyrelu',
        }),
      reference: (x, f, bias) =>
        biased(convolve(shape, filter, { stride: strides })(x!, f!), bias).map((v) =>
          v > 0 ? v : 0.2 * v,
        ),
    })),
  },
];
