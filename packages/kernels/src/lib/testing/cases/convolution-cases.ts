import { finiteDifference } from '@ganloom/test-tools/finite-difference';
import * as tf from '@tensorflow/tfjs';
import { type ConformanceTest, float32 } from '../conformance-case';
import { eachProduct, exactConvolution } from '../exact-convolution';
import { Cases } from '../seeded-cases';

type Shape = [number, number, number, number];
type Padding = 'same' | 'valid' | number | tf.backend_util.ExplicitPadding;

interface Convolution {
  readonly x: Shape;
  readonly filter: Shape;
  readonly stride: [number, number];
  readonly pad: 'same' | 'valid' | number;
  readonly dilation: number;
}

const activations = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const;

const rounding = (pad: Padding) => (typeof pad === 'string' ? undefined : 'floor');

function convolutions(seed: number, count: number, dilated: boolean): Convolution[] {
  const cases = new Cases(seed);
  const all: Convolution[] = [];
  while (all.length < count) {
    const [kh, kw] = [cases.integer(1, 5), cases.integer(1, 5)];
    const dilation = dilated ? cases.integer(2, 3) : 1;
    const stride: [number, number] = dilated ? [1, 1] : [cases.integer(1, 3), cases.integer(1, 3)];
    const pad = cases.pick(['same', 'valid', 1, 2] as const);
    const [h, w] = [cases.integer(1, 13), cases.integer(1, 13)];
    const reach = (k: number) => (k - 1) * dilation + 1;
    const padding = pad === 'valid' ? 0 : pad === 'same' ? 100 : 2 * pad;
    if (h + padding < reach(kh) || w + padding < reach(kw)) continue;
    if (typeof pad === 'number' && (pad >= reach(kh) || pad >= reach(kw))) continue;
    const channels = () => cases.pick([1, 2, 3, 5, 8, 12, 19]);
    const inChannels = channels();
    all.push({
      x: [cases.pick([1, 2, 3]), h, w, inChannels],
      filter: [kh, kw, inChannels, channels()],
      stride,
      pad,
      dilation,
    });
  }
  return all;
}

function convolved(
  x: tf.Tensor,
  filter: tf.Tensor,
  stride: number | [number, number],
  pad: Padding,
  dilation = 1,
): tf.Tensor {
  const [a, b] = [x as tf.Tensor4D, filter as tf.Tensor4D];
  return tf.conv2d(a, b, stride, pad, 'NHWC', dilation, rounding(pad));
}

/** Gradients of the sum of squares, with respect to both operands of f. */
const gradients = (
  f: (x: tf.Tensor, filter: tf.Tensor) => tf.Tensor,
  x: tf.Tensor,
  filter: tf.Tensor,
): tf.Tensor[] => tf.grads((p, q) => tf.sum(tf.square(f(p!, q!))))([x, filter]);

const forward: ConformanceTest[] = [
  {
    name: 'convolution',
    *cases() {
      const cases = new Cases(23);
      for (const { x, filter, stride, pad, dilation } of [
        ...convolutions(1, 100, false),
        ...convolutions(2, 30, true),
      ]) {
        yield {
          inputs: [cases.tensor(x), cases.tensor(filter)],
          op: (a, b) => convolved(a!, b!, stride, pad, dilation),
          atol: 1e-4,
        };
      }
    },
  },
  {
    name: 'convolution with bias and activation',
    *cases() {
      const cases = new Cases(37);
      for (const activation of activations) {
        for (const channels of [1, 9]) {
          yield {
            inputs: [
              cases.tensor([2, 7, 6, channels]),
              cases.tensor([3, 3, channels, 5]),
              cases.tensor([5]),
            ],
            op: (x, filter, bias) =>
              tf.fused.conv2d({
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
];

const backward: ConformanceTest[] = [
  {
    name: 'gradients of convolution',
    *cases() {
      const cases = new Cases(29);
      for (const { x, filter, stride, pad } of convolutions(3, 100, false)) {
        yield {
          inputs: [cases.tensor(x), cases.tensor(filter)],
          op: (a, b) => gradients((p, q) => convolved(p, q, stride, pad), a!, b!),
          rtol: 5e-5,
          atol: 2e-3,
        };
      }
    },
  },
  {
    name: 'transposed convolution and its gradients',
    *cases() {
      const cases = new Cases(31);
      for (let i = 0; i < 40; i++) {
        const stride = cases.integer(1, 3);
        const kernel = cases.integer(1, 5);
        const [n, h, w] = [cases.integer(1, 3), cases.integer(1, 6), cases.integer(1, 6)];
        const [from, to] = [cases.pick([1, 3, 8, 20]), cases.pick([1, 3, 9, 16])];
        const shape: Shape = [n, h * stride, w * stride, to];
        const up = (p: tf.Tensor, q: tf.Tensor) =>
          tf.conv2dTranspose(p as tf.Tensor4D, q as tf.Tensor4D, shape, stride, 'same');
        yield {
          inputs: [cases.tensor([n, h, w, from]), cases.tensor([kernel, kernel, to, from])],
          op: (a, b) => [up(a!, b!), ...gradients(up, a!, b!)],
          rtol: 5e-5,
          atol: 2e-3,
        };
      }
    },
  },
  {
    name: 'convolution with explicit padding, and its gradients',
    *cases() {
      const cases = new Cases(73);
      const pad: Padding = [
        [0, 0],
        [1, 2],
        [0, 1],
        [0, 0],
      ];
      for (const channels of [1, 9]) {
        const inputs = [cases.tensor([2, 6, 5, channels]), cases.tensor([3, 2, channels, 8])];
        const conv = (p: tf.Tensor, q: tf.Tensor) => convolved(p, q, 2, pad);
        yield { inputs, op: (a, b) => conv(a!, b!), atol: 1e-4 };
        yield { inputs, op: (a, b) => gradients(conv, a!, b!), rtol: 5e-5, atol: 1e-3 };
      }
    },
  },
  {
    name: 'gradients of convolution by finite differences',
    *cases() {
      const cases = new Cases(79);
      for (const [stride, channels] of [
        [1, 2],
        [2, 9],
        [3, 8],
      ] as const) {
        const x = cases.tensor([1, 7, 7, channels]);
        const filter = cases.tensor([3, 3, channels, 2]);
        const info = tf.backend_util.computeConv2DInfo(
          x.shape as Shape,
          filter.shape as Shape,
          stride,
          1,
          'same',
        );
        /** Σ (x ∗ w)². */
        const loss = (a: ArrayLike<number>, b: ArrayLike<number>) => {
          const y = new Float64Array(tf.util.sizeFromShape(info.outShape));
          eachProduct(info, (i, j, k) => (y[k]! += a[i]! * b[j]!));
          return y.reduce((sum, v) => sum + v * v, 0);
        };
        yield {
          inputs: [x, filter],
          op: (a, b) => gradients((p, q) => convolved(p, q, stride, 'same'), a!, b!),
          reference: () => [
            float32(
              finiteDifference((a) => loss(a, filter.values), x.values),
              x.shape,
            ),
            float32(
              finiteDifference((b) => loss(x.values, b), filter.values),
              filter.shape,
            ),
          ],
          rtol: 1e-4,
          atol: 1e-3,
        };
      }
    },
  },
  {
    name: 'gradient kernels of dilated convolution',
    *cases() {
      const cases = new Cases(83);
      for (const { x, filter, stride, pad, dilation } of convolutions(5, 30, true)) {
        const info = tf.backend_util.computeConv2DInfo(
          x,
          filter,
          stride,
          dilation,
          pad,
          rounding(pad),
        );
        const [a, w, dy] = [cases.tensor(x), cases.tensor(filter), cases.tensor(info.outShape)];
        const { dx, dw } = exactConvolution(info, a.values, w.values, dy.values);
        const attrs = {
          strides: stride,
          pad,
          dataFormat: 'NHWC',
          dimRoundingMode: rounding(pad),
          dilations: dilation,
          inputShape: x,
          filterShape: filter,
        } as unknown as tf.NamedAttrMap;
        const kernel = (name: string, inputs: tf.NamedTensorMap) =>
          tf.engine().runKernel(`Conv2DBackprop${name}`, inputs, attrs) as tf.Tensor;
        yield {
          inputs: [dy, w],
          op: (p, q) => kernel('Input', { dy: p!, filter: q! }),
          reference: () => float32(dx, x),
          atol: 1e-4,
        };
        yield {
          inputs: [a, dy],
          op: (p, q) => kernel('Filter', { x: p!, dy: q! }),
          reference: () => float32(dw, filter),
          atol: 2e-4,
        };
      }
    },
  },
  {
    name: 'convolution with strides larger than the kernel leaves pixels without gradient',
    cases: () => {
      const cases = new Cases(41);
      const inputs = [cases.tensor([2, 9, 9, 8]), cases.tensor([2, 2, 8, 8])];
      return [
        {
          inputs,
          op: (a, b) => tf.grad((p) => tf.sum(tf.square(convolved(p, b!, 3, 'valid'))))(a!),
          atol: 1e-3,
        },
      ];
    },
  },
];

export const convolutionTests: readonly ConformanceTest[] = [...forward, ...backward];
