import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { BACKEND_NAME } from '../kernels/kernel';
import { Cases, check, checkValues, onEverySetting, run } from './cases';

interface Depthwise {
  readonly x: number[];
  readonly filter: number[];
  readonly strides: [number, number];
  readonly pad: 'same' | 'valid' | number;
  readonly dilations: [number, number];
}

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
  return tf.depthwiseConv2d(
    x as tf.Tensor4D,
    filter as tf.Tensor4D,
    strides,
    pad,
    'NHWC',
    dilations,
  );
}

/** The depthwise convolution in float64: for the gradients with dilations, which tfjs leaves out. */
function meet(
  { x: shape, filter, strides, dilations, pad }: Depthwise,
  visit: (x: number, w: number, y: number) => void,
): void {
  const info = tf.backend_util.computeConv2DInfo(
    shape as [number, number, number, number],
    filter as [number, number, number, number],
    strides,
    dilations,
    pad,
    undefined,
    true,
  );
  const [kh, kw, channels, times] = filter as [number, number, number, number];
  const { inHeight: h, inWidth: w, outHeight, outWidth } = info;
  for (let y = 0; y < tf.util.sizeFromShape(info.outShape); y++) {
    const out = y % (channels * times);
    const column = Math.floor(y / (channels * times)) % outWidth;
    const row = Math.floor(y / (channels * times) / outWidth) % outHeight;
    const image = Math.floor(y / (channels * times) / outWidth / outHeight);
    for (let tap = 0; tap < kh * kw; tap++) {
      const r = row * strides[0] - info.padInfo.top + Math.floor(tap / kw) * dilations[0];
      const s = column * strides[1] - info.padInfo.left + (tap % kw) * dilations[1];
      if (r < 0 || s < 0 || r >= h || s >= w) continue;
      const channel = Math.floor(out / times);
      visit(((image * h + r) * w + s) * channels + channel, tap * channels * times + out, y);
    }
  }
}

onEverySetting(() => {
  it('forward, with channel multipliers and dilations', () => {
    const cases = new Cases(139);
    for (const conv of [...convolutions(1, 120, 12, false), ...convolutions(2, 40, 12, true)]) {
      check([cases.tensor(conv.x), cases.tensor(conv.filter)], (x, w) => convolved(x!, w!, conv));
    }
  });

  it('explicit padding', () => {
    const cases = new Cases(149);
    check([cases.tensor([2, 5, 6, 5]), cases.tensor([3, 3, 5, 2])], (x, w) =>
      tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 1, 'NHWC', 1, 'floor'),
    );
  });

  it('NaN and infinities go where the window goes', () => {
    const cases = new Cases(151);
    for (const conv of convolutions(3, 40, 6, false)) {
      check([cases.special(conv.x), cases.tensor(conv.filter)], (x, w) => convolved(x!, w!, conv));
    }
  });

  it('no pictures', () => {
    const inputs = [
      { shape: [0, 4, 4, 3], values: new Float32Array(0) },
      new Cases(1).tensor([3, 3, 3, 1]),
    ];
    const [y, dx, dw] = run(BACKEND_NAME, inputs, (x, w) => {
      const conv = (p: tf.Tensor, q: tf.Tensor) =>
        tf.depthwiseConv2d(p as tf.Tensor4D, q as tf.Tensor4D, 1, 'same');
      return [conv(x!, w!), ...tf.grads((p, q) => tf.sum(conv(p!, q!)))([x!, w!])];
    });
    expect(y!.shape).toEqual([0, 4, 4, 3]);
    expect(dx!.shape).toEqual([0, 4, 4, 3]);
    expect([...dw!.values]).toEqual(new Array(27).fill(0));
  });

  it('fused bias and activations', () => {
    const cases = new Cases(157);
    const activations = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const;
    for (const activation of activations) {
      for (const times of [1, 2]) {
        const inputs = [
          cases.tensor([2, 5, 4, 5]),
          cases.tensor([3, 2, 5, times]),
          cases.tensor([5 * times]),
        ];
        check(inputs, (x, filter, bias) =>
          tf.fused.depthwiseConv2d({
            x: x as tf.Tensor4D,
            filter: filter as tf.Tensor4D,
            strides: 2,
            pad: 'same',
            bias: bias!,
            activation,
            leakyreluAlpha: 0.1,
          }),
        );
      }
    }
  });

  it('gradients of input and filter', () => {
    const cases = new Cases(163);
    for (const conv of convolutions(4, 80, 9, false)) {
      check(
        [cases.tensor(conv.x), cases.tensor(conv.filter)],
        (x, w) => tf.grads((p, q) => tf.sum(tf.square(convolved(p!, q!, conv))))([x!, w!]),
        5e-5,
        2e-3,
      );
    }
  });

  it('gradient kernels with dilations', () => {
    const cases = new Cases(167);
    for (const conv of convolutions(5, 40, 8, true)) {
      const [x, w] = [cases.tensor(conv.x), cases.tensor(conv.filter)];
      const outputs = run(BACKEND_NAME, [x, w], (p, q) => convolved(p!, q!, conv))[0]!;
      const dy = cases.tensor(outputs.shape);
      const [y, dx, dw] = [dy, x, w].map(({ values }) => new Float64Array(values.length)) as [
        Float64Array,
        Float64Array,
        Float64Array,
      ];
      meet(conv, (a, b, c) => {
        y[c]! += x.values[a]! * w.values[b]!;
        dx[a]! += dy.values[c]! * w.values[b]!;
        dw[b]! += dy.values[c]! * x.values[a]!;
      });
      expect(outputs.values).toBeAllclose(y, { rtol: 2e-5, atol: 2e-5 });
      const { strides, pad, dilations } = conv;
      const attrs = { strides, pad, dilations, inputShape: conv.x, filterShape: conv.filter };
      const kernel = (name: string, inputs: tf.NamedTensorMap) =>
        tf.engine().runKernel(`DepthwiseConv2dNative${name}`, inputs, attrs) as tf.Tensor;
      checkValues([dy, w], (p, q) => kernel('BackpropInput', { dy: p!, filter: q! }), dx);
      checkValues([x, dy], (p, q) => kernel('BackpropFilter', { x: p!, dy: q! }), dw, 2e-5, 1e-4);
    }
  });
});
