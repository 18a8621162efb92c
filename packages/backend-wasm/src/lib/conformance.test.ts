import * as tf from '@tensorflow/tfjs';
import { finiteDifference } from '@ganloom/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BACKEND_NAME } from './kernels/kernel';
import { fastKernels } from './register';
import { restartWasm } from './restart-wasm';
import { Cases, check, checkValues, type Op, run } from './conformance/cases';

// Every replaced kernel against the stock CPU backend on seeded random shapes. Kernels whose stock
// form is absent or wrong are tested against formulas in tests of their own.

describe.each([
  { threads: 2, relaxedSimd: true },
  { threads: 1, relaxedSimd: false },
])('with $threads thread(s), relaxed SIMD $relaxedSimd', (options) => {
  beforeAll(async () => void (await restartWasm(options)));
  afterAll(() => tf.removeBackend(BACKEND_NAME));

  describe('unary', () => {
    const wide = { low: -6, high: 6 };
    const positive = { low: 1e-3, high: 50 };
    const ops: Record<string, { op: Op; low: number; high: number }> = {
      abs: { op: (x) => tf.abs(x!), ...wide },
      neg: { op: (x) => tf.neg(x!), ...wide },
      square: { op: (x) => tf.square(x!), ...wide },
      sqrt: { op: (x) => tf.sqrt(x!), ...positive },
      rsqrt: { op: (x) => tf.rsqrt(x!), ...positive },
      reciprocal: { op: (x) => tf.reciprocal(x!), ...positive },
      exp: { op: (x) => tf.exp(x!), ...wide },
      expm1: { op: (x) => tf.expm1(x!), ...wide },
      log: { op: (x) => tf.log(x!), ...positive },
      log1p: { op: (x) => tf.log1p(x!), ...positive },
      tanh: { op: (x) => tf.tanh(x!), ...wide },
      sigmoid: { op: (x) => tf.sigmoid(x!), ...wide },
      softplus: { op: (x) => tf.softplus(x!), ...wide },
      relu: { op: (x) => tf.relu(x!), ...wide },
      relu6: { op: (x) => tf.relu6(x!), low: -3, high: 9 },
      elu: { op: (x) => tf.elu(x!), ...wide },
      selu: { op: (x) => tf.selu(x!), ...wide },
      leakyRelu: { op: (x) => tf.leakyRelu(x!, 0.2), ...wide },
      step: { op: (x) => tf.step(x!, 0.3), ...wide },
      sign: { op: (x) => tf.sign(x!), ...wide },
      floor: { op: (x) => tf.floor(x!), ...wide },
      ceil: { op: (x) => tf.ceil(x!), ...wide },
      clip: { op: (x) => tf.clipByValue(x!, -1, 2), ...wide },
      zerosLike: { op: (x) => tf.zerosLike(x!), ...wide },
      onesLike: { op: (x) => tf.onesLike(x!), ...wide },
    };
    for (const [name, { op, low, high }] of Object.entries(ops)) {
      it(name, () => {
        const cases = new Cases(7);
        for (const size of [0, 1, 3, 4, 5, 31, 1000, 40_001]) {
          check([cases.tensor([size], low, high)], op, 3e-6, 3e-7);
        }
      });
      if (name === 'reciprocal' || name === 'log1p') continue;
      it(`${name} of zeros, infinities and NaN`, () => {
        const special = [
          0,
          -0,
          Infinity,
          -Infinity,
          NaN,
          1e-40,
          3e38,
          -3e38,
          88,
          -88,
          100,
          -100,
          1,
          -1,
        ];
        const values = Float32Array.from(low >= 0 ? special.filter((v) => !(v < 0)) : special);
        const expected = run('cpu', [{ shape: [values.length], values }], op)[0]!.values;
        const actual = run(BACKEND_NAME, [{ shape: [values.length], values }], op)[0]!.values;
        for (const [i, value] of values.entries()) {
          const [a, e] = [actual[i]!, Math.fround(expected[i]!)];
          const near = Object.is(a, e) || a === e || Math.abs(a - e) <= 2e-6 * Math.abs(e) + 1e-37;
          expect(near, `${name}(${value}): ${a}, expected ${e}`).toBe(true);
        }
      });
    }
  });

  describe('binary with broadcasting', () => {
    const ops: Record<string, Op> = {
      add: (a, b) => tf.add(a!, b!),
      sub: (a, b) => tf.sub(a!, b!),
      mul: (a, b) => tf.mul(a!, b!),
      div: (a, b) => tf.div(a!, b!),
      maximum: (a, b) => tf.maximum(a!, b!),
      minimum: (a, b) => tf.minimum(a!, b!),
      squaredDifference: (a, b) => tf.squaredDifference(a!, b!),
      prelu: (a, b) => tf.prelu(a!, b!),
      equal: (a, b) => tf.equal(a!, b!),
      notEqual: (a, b) => tf.notEqual(a!, b!),
      greater: (a, b) => tf.greater(a!, b!),
      greaterEqual: (a, b) => tf.greaterEqual(a!, b!),
      less: (a, b) => tf.less(a!, b!),
      lessEqual: (a, b) => tf.lessEqual(a!, b!),
    };
    for (const [name, op] of Object.entries(ops)) {
      it(name, () => {
        const cases = new Cases(11);
        for (let i = 0; i < 60; i++) {
          const shape = cases.shape(cases.integer(0, 5), 6);
          const other = shape
            .map((size) => (cases.next() < 0.4 ? 1 : size))
            .slice(name === 'prelu' ? 0 : cases.integer(0, shape.length));
          const pair = [cases.tensor(shape), cases.tensor(other)];
          // Equal values make equality interesting.
          for (const { values } of pair) for (let j = 0; j < values.length; j += 3) values[j] = 1;
          check(name === 'prelu' || cases.next() < 0.5 ? pair : pair.reverse(), op, 1e-6, 1e-6);
        }
        check([cases.tensor([3, 20_000]), cases.tensor([20_000])], op, 1e-6, 1e-6);
        check([cases.tensor([50_000]), cases.tensor([])], op, 1e-6, 1e-6);
      });
    }

    it('eluGrad', () => {
      const cases = new Cases(3);
      check([cases.tensor([7, 5])], (x) => tf.grad((v) => tf.elu(v))(x!));
    });

    it('leaves other dtypes to the stock kernel', () => {
      const values = Int32Array.of(1, -2, 3);
      check(
        [
          { shape: [3], values, dtype: 'int32' },
          { shape: [3], values, dtype: 'int32' },
        ],
        ops['add']!,
      );
    });
  });

  describe('select, cast, fill, addN', () => {
    const cases = new Cases(5);
    it('select', () => {
      for (const shape of [[1], [5], [3, 7], [40_000]]) {
        check([cases.tensor(shape), cases.tensor(shape)], (a, b) =>
          tf.where(tf.greater(a!, b!), a!, b!),
        );
      }
    });
    it('cast', () => {
      check([cases.tensor([9, 3])], (x) => tf.cast(tf.greater(x!, 0), 'float32'));
      check([{ shape: [3], values: Int32Array.of(-7, 0, 123456789), dtype: 'int32' }], (x) =>
        tf.cast(x!, 'float32'),
      );
      check([cases.tensor([9])], (x) => tf.cast(x!, 'int32'));
    });
    it('fill', () => {
      check([], () => tf.fill([3, 5], -2.5));
      check([], () => tf.fill([3], 7, 'int32'));
      check([], () => tf.fill([0, 3], 7));
    });
    it('addN', () => {
      check([cases.tensor([3, 4]), cases.tensor([3, 4]), cases.tensor([3, 4])], (...all) =>
        tf.addN(all),
      );
    });
  });

  describe('matmul', () => {
    it('all transposes, odd sizes, batches', () => {
      const cases = new Cases(13);
      for (let i = 0; i < 120; i++) {
        const [m, k, n] = [cases.integer(1, 70), cases.integer(1, 40), cases.integer(1, 40)];
        const [ta, tb] = [cases.next() < 0.5, cases.next() < 0.5];
        const batch = cases.pick([[], [], [1], [3], [2, 2]]);
        const a = cases.tensor([...batch, ...(ta ? [k, m] : [m, k])]);
        const b = cases.tensor([
          ...(cases.next() < 0.2 ? batch.map(() => 1) : batch),
          ...(tb ? [n, k] : [k, n]),
        ]);
        check([a, b], (x, y) => tf.matMul(x!, y!, ta, tb), 2e-5, 2e-5);
      }
    });

    it('depths over one block, and zero sizes', () => {
      const cases = new Cases(17);
      for (const [m, k, n] of [
        [5, 300, 9],
        [130, 513, 17],
        [0, 3, 4],
        [3, 4, 0],
      ] as const) {
        for (const ta of [false, true]) {
          const a = cases.tensor(ta ? [k, m] : [m, k]);
          check([a, cases.tensor([k, n])], (x, y) => tf.matMul(x!, y!, ta), 2e-5, 1e-4);
        }
      }
    });

    it('fused bias and activations', () => {
      const cases = new Cases(19);
      for (const activation of [
        'linear',
        'relu',
        'relu6',
        'elu',
        'sigmoid',
        'leakyrelu',
      ] as const) {
        for (const transposeA of [false, true]) {
          for (const biasShape of [[11], [1], [6, 11]]) {
            const a = cases.tensor(transposeA ? [7, 6] : [6, 7]);
            const inputs = [a, cases.tensor([7, 11]), cases.tensor(biasShape)];
            check(inputs, (x, y, bias) =>
              tf.fused.matMul({
                a: x as tf.Tensor2D,
                b: y as tf.Tensor2D,
                bias: bias!,
                transposeA,
                activation,
                leakyreluAlpha: 0.3,
              }),
            );
          }
        }
      }
      check([cases.tensor([6, 7]), cases.tensor([7, 11]), cases.tensor([11])], (x, y, alpha) =>
        tf.fused.matMul({
          a: x as tf.Tensor2D,
          b: y as tf.Tensor2D,
          activation: 'prelu',
          preluActivationWeights: alpha!,
        }),
      );
    });
  });

  describe('convolution', () => {
    interface Conv {
      x: number[];
      filter: number[];
      stride: [number, number];
      pad: 'same' | 'valid' | number;
      dilation: number;
    }

    function convs(seed: number, count: number, dilated: boolean): Conv[] {
      const cases = new Cases(seed);
      const all: Conv[] = [];
      while (all.length < count) {
        const [kh, kw] = [cases.integer(1, 5), cases.integer(1, 5)];
        const dilation = dilated ? cases.integer(2, 3) : 1;
        const stride: [number, number] = dilated
          ? [1, 1]
          : [cases.integer(1, 3), cases.integer(1, 3)];
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

    it('forward', () => {
      const cases = new Cases(23);
      for (const { x, filter, stride, pad, dilation } of [
        ...convs(1, 100, false),
        ...convs(2, 30, true),
      ]) {
        check(
          [cases.tensor(x), cases.tensor(filter)],
          (a, b) =>
            tf.conv2d(
              a as tf.Tensor4D,
              b as tf.Tensor4D,
              stride,
              pad,
              'NHWC',
              dilation,
              typeof pad === 'number' ? 'floor' : undefined,
            ),
          2e-5,
          1e-4,
        );
      }
    });

    it('gradients of input and filter', () => {
      const cases = new Cases(29);
      for (const { x, filter, stride, pad } of convs(3, 100, false)) {
        check(
          [cases.tensor(x), cases.tensor(filter)],
          (a, b) => {
            const conv = (p: tf.Tensor, q: tf.Tensor) =>
              tf.conv2d(
                p as tf.Tensor4D,
                q as tf.Tensor4D,
                stride,
                pad,
                'NHWC',
                1,
                typeof pad === 'number' ? 'floor' : undefined,
              );
            return tf.grads((p, q) => tf.sum(tf.square(conv(p!, q!))))([a!, b!]);
          },
          5e-5,
          2e-3,
        );
      }
    });

    it('transposed convolution and its gradients', () => {
      const cases = new Cases(31);
      for (let i = 0; i < 40; i++) {
        const stride = cases.integer(1, 3);
        const kernel = cases.integer(1, 5);
        const [n, h, w] = [cases.integer(1, 3), cases.integer(1, 6), cases.integer(1, 6)];
        const [from, to] = [cases.pick([1, 3, 8, 20]), cases.pick([1, 3, 9, 16])];
        const shape: [number, number, number, number] = [n, h * stride, w * stride, to];
        check(
          [cases.tensor([n, h, w, from]), cases.tensor([kernel, kernel, to, from])],
          (a, b) => {
            const up = (p: tf.Tensor, q: tf.Tensor) =>
              tf.conv2dTranspose(p as tf.Tensor4D, q as tf.Tensor4D, shape, stride, 'same');
            return [up(a!, b!), ...tf.grads((p, q) => tf.sum(tf.square(up(p!, q!))))([a!, b!])];
          },
          5e-5,
          2e-3,
        );
      }
    });

    it('fused bias and activations', () => {
      const cases = new Cases(37);
      for (const activation of [
        'linear',
        'relu',
        'relu6',
        'elu',
        'sigmoid',
        'leakyrelu',
      ] as const) {
        for (const channels of [1, 9]) {
          check(
            [
              cases.tensor([2, 7, 6, channels]),
              cases.tensor([3, 3, channels, 5]),
              cases.tensor([5]),
            ],
            (x, filter, bias) =>
              tf.fused.conv2d({
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

    it('explicit padding', () => {
      const cases = new Cases(73);
      for (const channels of [1, 9]) {
        const inputs = [cases.tensor([2, 6, 5, channels]), cases.tensor([3, 2, channels, 8])];
        const pad: tf.backend_util.ExplicitPadding = [
          [0, 0],
          [1, 2],
          [0, 1],
          [0, 0],
        ];
        const conv = (p: tf.Tensor, q: tf.Tensor) =>
          tf.conv2d(p as tf.Tensor4D, q as tf.Tensor4D, 2, pad, 'NHWC', 1, 'floor');
        check(inputs, (a, b) => conv(a!, b!), 2e-5, 1e-4);
        const loss = (p: tf.Tensor, q: tf.Tensor) => tf.sum(tf.square(conv(p, q)));
        check(inputs, (a, b) => tf.grads((p, q) => loss(p!, q!))([a!, b!]), 5e-5, 1e-3);
      }
    });

    it('gradients are those of finite differences in float64', () => {
      const cases = new Cases(79);
      for (const [stride, channels] of [
        [1, 2],
        [2, 9],
        [3, 8],
      ] as const) {
        const [size, kernel, filters] = [7, 3, 2];
        const out = Math.ceil(size / stride);
        const before = Math.floor(Math.max((out - 1) * stride + kernel - size, 0) / 2);
        const x = cases.tensor([1, size, size, channels]);
        const w = cases.tensor([kernel, kernel, channels, filters]);
        /** Σ (x ∗ w)², written out. */
        const reference = (a: ArrayLike<number>, b: ArrayLike<number>) => {
          let total = 0;
          for (let i = 0; i < out * out * filters; i++) {
            const [f, column, row] = [
              i % filters,
              Math.floor(i / filters) % out,
              Math.floor(i / filters / out),
            ];
            let y = 0;
            for (let k = 0; k < kernel * kernel * channels; k++) {
              const [c, dw, dh] = [
                k % channels,
                Math.floor(k / channels) % kernel,
                Math.floor(k / channels / kernel),
              ];
              const [h, v] = [row * stride - before + dh, column * stride - before + dw];
              if (h < 0 || v < 0 || h >= size || v >= size) continue;
              y += a[(h * size + v) * channels + c]! * b[k * filters + f]!;
            }
            total += y * y;
          }
          return total;
        };
        const [dx, dw] = run(BACKEND_NAME, [x, w], (a, b) =>
          tf.grads((p, q) =>
            tf.sum(tf.square(tf.conv2d(p as tf.Tensor4D, q as tf.Tensor4D, stride, 'same'))),
          )([a!, b!]),
        );
        const tolerance = { rtol: 1e-4, atol: 1e-3 };
        expect(dx!.values).toBeAllclose(
          finiteDifference((a) => reference(a, w.values), x.values),
          tolerance,
        );
        expect(dw!.values).toBeAllclose(
          finiteDifference((b) => reference(x.values, b), w.values),
          tolerance,
        );
      }
    });

    it('gradient kernels with dilations', () => {
      const cases = new Cases(83);
      for (const { x, filter, stride, pad, dilation } of convs(5, 30, true)) {
        const info = tf.backend_util.computeConv2DInfo(
          x as [number, number, number, number],
          filter as [number, number, number, number],
          stride,
          dilation,
          pad,
          typeof pad === 'number' ? 'floor' : undefined,
        );
        const [a, w, dy] = [cases.tensor(x), cases.tensor(filter), cases.tensor(info.outShape)];
        const dx = new Float64Array(a.values.length);
        const dw = new Float64Array(w.values.length);
        const [kh, kw, channels, filters] = filter as [number, number, number, number];
        for (const [i, d] of dy.values.entries()) {
          const f = i % filters;
          const column = Math.floor(i / filters) % info.outWidth;
          const row = Math.floor(i / filters / info.outWidth) % info.outHeight;
          const image = Math.floor(i / filters / info.outWidth / info.outHeight);
          for (let tap = 0; tap < kh * kw; tap++) {
            const r = row * stride[0] - info.padInfo.top + Math.floor(tap / kw) * dilation;
            const s = column * stride[1] - info.padInfo.left + (tap % kw) * dilation;
            if (r < 0 || s < 0 || r >= x[1]! || s >= x[2]!) continue;
            for (let c = 0; c < channels; c++) {
              const from = ((image * x[1]! + r) * x[2]! + s) * channels + c;
              const weight = (tap * channels + c) * filters + f;
              dx[from]! += d * w.values[weight]!;
              dw[weight]! += d * a.values[from]!;
            }
          }
        }
        const attrs = {
          strides: stride,
          pad,
          dataFormat: 'NHWC',
          dimRoundingMode: typeof pad === 'number' ? 'floor' : undefined,
          dilations: dilation,
          inputShape: x,
          filterShape: filter,
        } as unknown as tf.NamedAttrMap;
        const kernel = (name: string, inputs: tf.NamedTensorMap) =>
          tf.engine().runKernel(`Conv2DBackprop${name}`, inputs, attrs) as tf.Tensor;
        checkValues([dy, w], (p, q) => kernel('Input', { dy: p!, filter: q! }), dx, 2e-5, 1e-4);
        checkValues([a, dy], (p, q) => kernel('Filter', { x: p!, dy: q! }), dw, 2e-5, 2e-4);
      }
    });

    it('strides larger than the kernel leave pixels without gradient', () => {
      const cases = new Cases(41);
      check(
        [cases.tensor([2, 9, 9, 8]), cases.tensor([2, 2, 8, 8])],
        (a, b) =>
          tf.grad((p) =>
            tf.sum(tf.square(tf.conv2d(p as tf.Tensor4D, b as tf.Tensor4D, 3, 'valid'))),
          )(a!),
        2e-5,
        1e-3,
      );
    });
  });

  describe('reductions', () => {
    const ops: Record<string, (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor> = {
      sum: (x, axes, keep) => tf.sum(x, axes, keep),
      mean: (x, axes, keep) => tf.mean(x, axes, keep),
      max: (x, axes, keep) => tf.max(x, axes, keep),
      min: (x, axes, keep) => tf.min(x, axes, keep),
    };
    for (const [name, op] of Object.entries(ops)) {
      it(name, () => {
        const cases = new Cases(43);
        for (let i = 0; i < 80; i++) {
          const shape = cases.shape(cases.integer(1, 5), 7);
          const axes = shape.map((_, d) => d).filter(() => cases.next() < 0.5);
          if (axes.length === 0) axes.push(0);
          const keep = cases.next() < 0.5;
          check([cases.tensor(shape)], (x) => op(x!, axes, keep), 1e-5, 1e-5);
        }
        for (const [shape, axes] of [
          [[20_000], [0]],
          [[3000, 5], [0]],
          [[2, 1500, 70], [1]],
          [[70, 40], [1]],
        ] as const) {
          check([cases.tensor([...shape], 0, 1)], (x) => op(x!, [...axes], false), 1e-5, 1e-5);
        }
      });
    }
    it('propagates NaN', () => {
      const values = Float32Array.of(1, NaN, 3);
      check([{ shape: [3], values }], (x) =>
        [tf.sum(x!), tf.isNaN(tf.max(x!)), tf.isNaN(tf.min(x!))].slice(1),
      );
    });
  });

  describe('shape', () => {
    it('transpose', () => {
      const cases = new Cases(47);
      for (let i = 0; i < 80; i++) {
        const shape = cases.shape(cases.integer(1, 6), 6);
        const perm = shape.map((_, d) => d).sort(() => cases.next() - 0.5);
        check([cases.tensor(shape)], (x) => tf.transpose(x!, perm), 0, 0);
      }
      check([cases.tensor([37, 53])], (x) => tf.transpose(x!), 0, 0);
      check([cases.tensor([3, 41, 22])], (x) => tf.transpose(x!, [0, 2, 1]), 0, 0);
    });
    it('slice', () => {
      const cases = new Cases(53);
      for (let i = 0; i < 60; i++) {
        const shape = cases.shape(cases.integer(1, 4), 8);
        const begin = shape.map((size) => cases.integer(0, size - 1));
        const size = shape.map((s, d) => cases.integer(0, s - begin[d]!));
        check([cases.tensor(shape)], (x) => tf.slice(x!, begin, size), 0, 0);
      }
    });
    it('concat and split', () => {
      const cases = new Cases(59);
      for (let i = 0; i < 40; i++) {
        const shape = cases.shape(cases.integer(1, 4), 6);
        const axis = cases.integer(0, shape.length - 1);
        const other = (): number[] =>
          shape.map((size, d) => (d === axis ? cases.integer(1, 5) : size));
        check(
          [cases.tensor(other()), cases.tensor(other()), cases.tensor(other())],
          (...all) => tf.concat(all, axis),
          0,
          0,
        );
      }
      check([cases.tensor([3, 8, 2])], (x) => tf.split(x!, [3, 1, 4], 1), 0, 0);
    });
    it('pad, tile, reverse', () => {
      const cases = new Cases(61);
      for (let i = 0; i < 40; i++) {
        const shape = cases.shape(cases.integer(1, 4), 6);
        const paddings = shape.map(
          () => [cases.integer(0, 3), cases.integer(0, 3)] as [number, number],
        );
        check([cases.tensor(shape)], (x) => tf.pad(x!, paddings, 0.5), 0, 0);
        check(
          [cases.tensor(shape)],
          (x) =>
            tf.tile(
              x!,
              shape.map(() => cases.integer(2, 2)),
            ),
          0,
          0,
        );
        const axes = shape.map((_, d) => d).filter(() => cases.next() < 0.5);
        check([cases.tensor(shape)], (x) => tf.reverse(x!, axes), 0, 0);
      }
    });
  });

  describe('batch normalisation', () => {
    it('stock inference form', () => {
      const cases = new Cases(67);
      for (const channels of [1, 3, 8, 70]) {
        const per = () => cases.tensor([channels]);
        check(
          [
            cases.tensor([2, 5, 3, channels]),
            per(),
            cases.tensor([channels], 0.1, 2),
            per(),
            per(),
          ],
          (x, mean, variance, offset, scale) =>
            tf.batchNorm(
              x!,
              mean as tf.Tensor1D,
              variance as tf.Tensor1D,
              offset as tf.Tensor1D,
              scale as tf.Tensor1D,
              1e-3,
            ),
        );
      }
    });
    it('training form and gradient against composed operations', () => {
      const cases = new Cases(71);
      for (const shape of [
        [6, 5],
        [2, 4, 3, 8],
        [1, 3, 3, 3],
        [1300, 7],
        [64, 130],
      ]) {
        const channels = shape[shape.length - 1]!;
        const inputs = [
          cases.tensor(shape),
          cases.tensor([channels]),
          cases.tensor([channels]),
          cases.tensor(shape),
        ];
        const axes = shape.map((_, d) => d).slice(0, -1);
        const composed = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) => {
          const mean = tf.mean(x, axes, true);
          const variance = tf.mean(tf.square(tf.sub(x, mean)), axes, true);
          return tf.add(
            tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5))), gamma),
            beta,
          );
        };
        const expected = run('cpu', inputs, (x, gamma, beta, dy) => [
          composed(x!, gamma!, beta!),
          ...tf.grads((p, q, r) => tf.sum(tf.mul(composed(p!, q!, r!), dy!)))([x!, gamma!, beta!]),
        ]);
        const actual = run(BACKEND_NAME, inputs, (x, gamma, beta, dy) => {
          const attrs = { epsilon: 1e-5 };
          const kernel = (name: string, tensors: tf.NamedTensorMap) =>
            tf.engine().runKernel(name, tensors, attrs) as unknown as tf.Tensor[];
          const [y, mean, variance] = kernel('BatchNormTraining', {
            x: x!,
            gamma: gamma!,
            beta: beta!,
          });
          return [
            y!,
            ...kernel('BatchNormTrainingGrad', {
              dy: dy!,
              x: x!,
              gamma: gamma!,
              mean: mean!,
              variance: variance!,
            }),
          ];
        });
        for (const [i, { values }] of expected.entries()) {
          expect(actual[i]!.values, `output ${i} of [${shape.join()}]`).toBeAllclose(
            Float32Array.from(values),
            { rtol: 1e-4, atol: 1e-4 },
          );
        }
      }
    });
  });
});

it('every fast kernel is tested here or in a test of its own', () => {
  const elsewhere = [
    'AdamStep',
    // As matrix products; its gradient with the layers of @ganloom/models.
    'Dense',
    'LerpStep',
    'LionStep',
    'RandomNormal',
    'RmsPropStep',
    'SgdStep',
    // conformance/
    'Cos',
    'DepthToSpace',
    'Einsum',
    'Erf',
    'ExtremumGrad',
    'IsFinite',
    'IsInf',
    'IsNan',
    'LogicalAnd',
    'LogicalNot',
    'LogicalOr',
    'MirrorPad',
    'Pack',
    'Pow',
    'Prod',
    'Round',
    'Sin',
    'SplitV',
    'Unpack',
    'ArgMax',
    'ArgMin',
    'AvgPool',
    'AvgPoolGrad',
    'Cumprod',
    'Cumsum',
    'DepthwiseConv2dNative',
    'DepthwiseConv2dNativeBackpropFilter',
    'DepthwiseConv2dNativeBackpropInput',
    'FusedDepthwiseConv2D',
    'GatherV2',
    'MaxPool',
    'MaxPoolGrad',
    'MaxPoolWithArgmax',
    'OneHot',
    'ResizeBilinear',
    'ResizeBilinearGrad',
    'ResizeNearestNeighbor',
    'ResizeNearestNeighborGrad',
    'Softmax',
    'UnsortedSegmentSum',
  ];
  const here = [
    'Abs',
    'Neg',
    'Square',
    'Sqrt',
    'Rsqrt',
    'Reciprocal',
    'Exp',
    'Expm1',
    'Log',
    'Log1p',
    'Tanh',
    'Sigmoid',
    'Softplus',
    'Relu',
    'Relu6',
    'Elu',
    'Selu',
    'LeakyRelu',
    'Step',
    'Sign',
    'Floor',
    'Ceil',
    'ClipByValue',
    'Add',
    'Sub',
    'Multiply',
    'RealDiv',
    'Maximum',
    'Minimum',
    'SquaredDifference',
    'EluGrad',
    'Prelu',
    'Equal',
    'NotEqual',
    'Greater',
    'GreaterEqual',
    'Less',
    'LessEqual',
    'Select',
    'Cast',
    'Fill',
    'ZerosLike',
    'OnesLike',
    'AddN',
    'BatchMatMul',
    '_FusedMatMul',
    'Conv2D',
    'FusedConv2D',
    'Conv2DBackpropInput',
    'Conv2DBackpropFilter',
    'Sum',
    'Mean',
    'Max',
    'Min',
    'Transpose',
    'Slice',
    'Concat',
    'PadV2',
    'Tile',
    'Reverse',
    'FusedBatchNorm',
    'BatchNormTraining',
    'BatchNormTrainingGrad',
  ];
  expect(fastKernels.map(({ name }) => name).sort()).toEqual([...here, ...elsewhere].sort());
});
