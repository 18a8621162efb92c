import * as tf from '@tensorflow/tfjs';
import { type ConformanceTest, float32 } from '../conformance-case';
import { exactConvolution } from '../exact-convolution';
import { Cases } from '../seeded-cases';

type Shape = [number, number, number, number];

interface Depthwise {
  readonly x: Shape;
  readonly filter: Shape;
  readonly strides: [number, number];
  readonly pad: 'same' | 'valid' | number;
  readonly dilations: [number, number];
}

const activations = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const;

function convolutions(seed: number, count: number, most: number, dilated: boolean): Depthwise[] {
  const cases = new Cases(seed);
  const all: Depthwise[] = [];
  while (all.length < count) {
    const [kh, kw] = [cases.integer(1, 5), cases.integer(1, 5)];
    const dilations: [number, number] = dilated
      ? [cases.integer(1, 3), cases.integer(1, 3)]
      : [1, 1];
    const strides: [number, number] = dilated ? [1, 1] : [cases.integer(1, 3), cases.integer(1, 3)];
    const [h, w] = [cases.integer(1, most), cases.integer(1, most)];
    const pad = cases.pick(['same', 'valid'] as const);
    const reach = [(kh - 1) * dilations[0] + 1, (kw - 1) * dilations[1] + 1] as const;
    if (pad === 'valid' && (h < reach[0] || w < reach[1])) continue;
    const channels = cases.pick([1, 2, 3, 4, 6, 19]);
    all.push({
      x: [cases.integer(1, 3), h, w, channels],
      filter: [kh, kw, channels, cases.pick([1, 1, 2, 3])],
      strides,
      pad,
      dilations,
    });
  }
  return all;
}

function convolved(x: tf.Tensor, filter: tf.Tensor, conv: Depthwise): tf.Tensor {
  const { strides, pad, dilations } = conv;
  const [a, b] = [x as tf.Tensor4D, filter as tf.Tensor4D];
  return tf.depthwiseConv2d(a, b, strides, pad, 'NHWC', dilations);
}

export const depthwiseTests: readonly ConformanceTest[] = [
  {
    name: 'depthwise convolution, with channel multipliers and dilations',
    *cases() {
      const cases = new Cases(139);
      for (const conv of [...convolutions(1, 120, 12, false), ...convolutions(2, 40, 12, true)]) {
        yield {
          inputs: [cases.tensor(conv.x), cases.tensor(conv.filter)],
          op: (x, w) => convolved(x!, w!, conv),
        };
      }
    },
  },
  {
    name: 'depthwise convolution with explicit padding',
    cases: () => {
      const cases = new Cases(149);
      return [
        {
          inputs: [cases.tensor([2, 5, 6, 5]), cases.tensor([3, 3, 5, 2])],
          op: (x, w) =>
            tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 1, 'NHWC', 1, 'floor'),
        },
      ];
    },
  },
  {
    name: 'depthwise convolution: NaN and infinities go where the window goes',
    *cases() {
      const cases = new Cases(151);
      for (const conv of convolutions(3, 40, 6, false)) {
        yield {
          inputs: [cases.special(conv.x), cases.tensor(conv.filter)],
          op: (x, w) => convolved(x!, w!, conv),
        };
      }
    },
  },
  {
    name: 'depthwise convolution of no pictures, and its gradients',
    cases: () => {
      const conv = (p: tf.Tensor, q: tf.Tensor) =>
        tf.depthwiseConv2d(p as tf.Tensor4D, q as tf.Tensor4D, 1, 'same');
      const cases = new Cases(1);
      return [
        {
          inputs: [cases.tensor([0, 4, 4, 3]), cases.tensor([3, 3, 3, 1])],
          op: (x, w) => [conv(x!, w!), ...tf.grads((p, q) => tf.sum(conv(p!, q!)))([x!, w!])],
          reference: (x, w) => [tf.zerosLike(x!), tf.zerosLike(x!), tf.zerosLike(w!)],
        },
      ];
    },
  },
  {
    name: 'depthwise convolution with bias and activation',
    *cases() {
      const cases = new Cases(157);
      for (const activation of activations) {
        for (const times of [1, 2]) {
          yield {
            inputs: [
              cases.tensor([2, 5, 4, 5]),
              cases.tensor([3, 2, 5, times]),
              cases.tensor([5 * times]),
            ],
            op: (x, filter, bias) =>
              tf.fused.depthwiseConv2d({
                x: x as tf.Tensor4D,
                filter: filter as tf.Tensor4D,
                strides: 2,
                pad: 'same',
                bias: bias!,
                activation,
                leakyreluAlpha: 0.1,
              }),
          };
        }
      }
    },
  },
  {
    name: 'gradients of depthwise convolution',
    *cases() {
      const cases = new Cases(163);
      for (const conv of convolutions(4, 80, 9, false)) {
        yield {
          inputs: [cases.tensor(conv.x), cases.tensor(conv.filter)],
          op: (x, w) => tf.grads((p, q) => tf.sum(tf.square(convolved(p!, q!, conv))))([x!, w!]),
          rtol: 5e-5,
          atol: 2e-3,
        };
      }
    },
  },
  {
    name: 'dilated depthwise convolution and its gradient kernels',
    *cases() {
      const cases = new Cases(167);
      for (const conv of convolutions(5, 40, 8, true)) {
        const { x: inputShape, filter: filterShape, strides, pad, dilations } = conv;
        const info = tf.backend_util.computeConv2DInfo(
          inputShape,
          filterShape,
          strides,
          dilations,
          pad,
          undefined,
          true,
        );
        const [x, w] = [cases.tensor(inputShape), cases.tensor(filterShape)];
        const dy = cases.tensor(info.outShape);
        const { y, dx, dw } = exactConvolution(info, x.values, w.values, dy.values);
        const attrs = { strides, pad, dilations, inputShape, filterShape };
        const kernel = (name: string, inputs: tf.NamedTensorMap) =>
          tf.engine().runKernel(`DepthwiseConv2dNative${name}`, inputs, attrs) as tf.Tensor;
        yield {
          inputs: [x, w],
          op: (p, q) => convolved(p!, q!, conv),
          reference: () => float32(y, info.outShape),
        };
        yield {
          inputs: [dy, w],
          op: (p, q) => kernel('BackpropInput', { dy: p!, filter: q! }),
          reference: () => float32(dx, inputShape),
        };
        yield {
          inputs: [x, dy],
          op: (p, q) => kernel('BackpropFilter', { x: p!, dy: q! }),
          reference: () => float32(dw, filterShape),
          atol: 1e-4,
        };
      }
    },
  },
];
