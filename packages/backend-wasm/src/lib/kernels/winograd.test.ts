import { Cases, exactConvolution, type Plain } from '@ganloom/kernels/testing';
import '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import type { WasmBackend } from '../backend';
import {
  backwardInputPlan,
  forwardPlan,
  winogradBackwardFilter,
  winogradBackwardInput,
  winogradForward,
  worthwhile,
} from './winograd';
import { onEverySetting } from '../../../test/on-every-setting';

type Four = [number, number, number, number];
type Info = tf.backend_util.Conv2DInfo;

const infoOf = (x: Four, filter: Four, stride: number, pad: 'same' | 'valid' | number) =>
  tf.backend_util.computeConv2DInfo(x, filter, stride, 1, pad, 'floor');

/**
 * What the algorithm gives, and the same in float64. Where no tap meets some pixels, as with `valid` and
 * a stride that leaves some over, there is no plan for dx.
 */
function compute(info: Info, cases: Cases) {
  const [x, w, dy] = [info.inShape, info.filterShape, info.outShape].map((shape) =>
    cases.tensor([...shape], -1, 1),
  ) as [Plain, Plain, Plain];
  const exact = exactConvolution(info, x.values, w.values, dy.values);
  const backend = tf.backend() as WasmBackend;
  const forward = forwardPlan(info);
  const backward = backwardInputPlan(info);
  const tensors = [x, w, dy].map(({ values, shape }) => tf.tensor(values, shape));
  const [ofX, ofW, ofDy] = tensors.map((one) => backend.address(one)) as [number, number, number];
  const result = (shape: readonly number[], run: (address: number) => void) => {
    const output = backend.output(shape);
    run(backend.address(output));
    const values = backend.readSync(output.dataId).slice() as Float32Array;
    backend.disposeIntermediateTensorInfo(output);
    return values;
  };
  const actual = [
    forward &&
      result(info.outShape, (at) =>
        winogradForward(backend, forward, ofX, ofW, at, 0, { activation: 0, alpha: 0 }),
      ),
    backward &&
      result(info.inShape, (at) => winogradBackwardInput(backend, backward, ofDy, ofW, at)),
    forward &&
      result(info.filterShape, (at) => winogradBackwardFilter(backend, forward, ofX, ofDy, at)),
  ];
  tf.dispose(tensors);
  return (['y', 'dx', 'dw'] as const).flatMap((name, i) => {
    const values = actual[i];
    return values ? [{ name, values, expected: exact[name] }] : [];
  });
}

/** Errors as shares of the root mean square of what is expected. */
function errors(values: Float32Array, expected: Float64Array) {
  const norm = Math.sqrt(expected.reduce((sum, e) => sum + e * e, 0));
  const differences = expected.map((e, i) => Math.abs(values[i]! - e));
  return {
    meanSquare: Math.sqrt(differences.reduce((sum, d) => sum + d * d, 0)) / norm,
    largest:
      (differences.reduce((most, d) => Math.max(most, d), 0) * Math.sqrt(expected.length)) / norm,
  };
}

onEverySetting(() => {
  it('computes any convolution that it can be used for', () => {
    const cases = new Cases(211);
    let backward = 0;
    for (let i = 0; i < 150; i++) {
      const [kernel, stride] = cases.pick([
        [2, 1],
        [3, 1],
        [3, 2],
        [4, 2],
        [5, 2],
        [6, 2],
        [5, 3],
        [6, 3],
        [7, 3],
        [9, 3],
      ] as const);
      const pad = cases.pick(['same', 'valid', 1] as const);
      const [h, w] = [cases.integer(kernel, 17), cases.integer(kernel, 17)];
      const [c, k] = [4 * cases.integer(1, 4), 4 * cases.integer(1, 4)];
      const x: Four = [cases.integer(1, 3), h, w, c];
      const info = infoOf(x, [kernel, kernel, c, k], stride, pad);
      const about = `${kernel}×${kernel}, stride ${stride}, ${pad}, [${x.join()}] to ${k}`;
      const results = compute(info, cases);
      expect(results.map(({ name }) => name)).toEqual(expect.arrayContaining(['y', 'dw']));
      backward += Number(results.length === 3);
      for (const { name, values, expected } of results) {
        const rms = Math.sqrt(expected.reduce((sum, e) => sum + e * e, 0) / expected.length);
        expect(values, `${name} of ${about}`).toBeAllclose(expected, {
          rtol: 0,
          atol: 1e-4 * rms,
        });
      }
    }
    expect(backward).toBeGreaterThan(100);
  });

  it('computes the tiles in several parts', () => {
    for (const { values, expected } of compute(
      infoOf([3, 62, 63, 12], [4, 4, 12, 12], 2, 'same'),
      new Cases(223),
    )) {
      expect(errors(values, expected).largest).toBeLessThan(2e-4);
    }
  });

  it.each([
    ['4×4 of stride 2, 64 to 128 channels', infoOf([2, 14, 14, 64], [4, 4, 64, 128], 2, 'same')],
    ['3×3, 64 to 64 channels', infoOf([2, 16, 16, 64], [3, 3, 64, 64], 1, 'same')],
  ])('rounds as float32 may: %s', (_, info) => {
    for (const { values, expected } of compute(info, new Cases(227))) {
      const { meanSquare, largest } = errors(values, expected);
      expect(meanSquare).toBeLessThan(1e-5);
      expect(largest).toBeLessThan(1e-4);
    }
  });

  it('adds a bias and applies an activation', () => {
    const cases = new Cases(229);
    const x: Four = [32, 8, 8, 64];
    const inputs = [
      cases.tensor(x, -1, 1),
      cases.tensor([3, 3, 64, 64], -0.1, 0.1),
      cases.tensor([64]),
    ];
    expect(worthwhile(forwardPlan(infoOf(x, [3, 3, 64, 64], 1, 'same')))).toBeDefined();
    for (const activation of ['linear', 'relu', 'leakyrelu', 'elu'] as const) {
      tf.tidy(() => {
        const [a, filter, bias] = inputs.map(({ values, shape }) => tf.tensor(values, shape));
        const fused = tf.fused.conv2d({
          x: a as tf.Tensor4D,
          filter: filter as tf.Tensor4D,
          strides: 1,
          pad: 'same',
          bias: bias!,
          activation,
          leakyreluAlpha: 0.1,
        });
        const plain = tf.add(tf.conv2d(a as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same'), bias!);
        const expected = {
          linear: plain,
          relu: tf.relu(plain),
          leakyrelu: tf.leakyRelu(plain, 0.1),
          elu: tf.elu(plain),
        }[activation];
        expect(fused).toBeAllclose(expected, { rtol: 1e-6, atol: 1e-6 });
      });
    }
  });
});

it('is used where it is faster, and only there', () => {
  const used = (...args: Parameters<typeof infoOf>) => {
    const info = infoOf(...args);
    return [forwardPlan(info), backwardInputPlan(info)].map(
      (plan) => worthwhile(plan) !== undefined,
    );
  };
  // DCGAN on 28×28 and 64×64 pictures, SRResNet.
  expect(used([64, 14, 14, 64], [4, 4, 64, 128], 2, 'same')).toEqual([true, true]);
  expect(used([16, 16, 16, 128], [4, 4, 128, 256], 2, 'same')).toEqual([true, true]);
  expect(used([4, 24, 24, 64], [3, 3, 64, 64], 1, 'same')).toEqual([true, true]);
  // More filter than picture, too few channels, too large a filter, 1×1.
  expect(used([16, 8, 8, 256], [4, 4, 256, 512], 2, 'same')).toEqual([false, false]);
  expect(used([16, 64, 64, 3], [4, 4, 3, 64], 2, 'same')).toEqual([false, false]);
  expect(used([4, 24, 24, 64], [9, 9, 64, 64], 1, 'same')).toEqual([false, false]);
  expect(used([4, 24, 24, 64], [1, 1, 64, 64], 1, 'same')).toEqual([false, false]);
});
