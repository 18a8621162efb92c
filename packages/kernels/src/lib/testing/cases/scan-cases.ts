import * as tf from '@tensorflow/tfjs';
import { type ConformanceCase, type ConformanceTest, float32 } from '../conformance-case';
import { gradientCase } from '../gradient-case';
import { Cases, type Plain, plain } from '../seeded-cases';

interface Scan {
  readonly product?: boolean;
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

/** Running sums or products along one axis in float64. */
function running(shape: readonly number[], scan: Scan, values: ArrayLike<number>): Float64Array {
  const { product = false, axis, exclusive, reverse } = scan;
  const length = shape[axis]!;
  const inner = tf.util.sizeFromShape(shape.slice(axis + 1));
  const y = new Float64Array(values.length);
  for (let column = 0; column < values.length / length; column++) {
    const start = Math.floor(column / inner) * length * inner + (column % inner);
    let total = product ? 1 : 0;
    for (let j = 0; j < length; j++) {
      const at = start + (reverse ? length - 1 - j : j) * inner;
      const next = product ? total * values[at]! : total + values[at]!;
      y[at] = exclusive ? total : next;
      total = next;
    }
  }
  return y;
}

function scanned(x: tf.Tensor, { product = false, axis, exclusive, reverse }: Scan): tf.Tensor {
  return (product ? tf.cumprod : tf.cumsum)(x, axis, exclusive, reverse);
}

/** Stock cpu scans the last axis only. */
const scanCase = (x: Plain, scan: Scan): ConformanceCase => ({
  inputs: [x],
  op: (v) => scanned(v!, scan),
  reference: () => float32(running(x.shape, scan, x.values), x.shape),
});

/** The same shapes and settings for sums and for products. */
function* scanCases(product: boolean): Generator<ConformanceCase> {
  const cases = new Cases(223);
  for (let i = 0; i < 100; i++) {
    const shape = cases.shape(cases.integer(1, 4), 7);
    const axis = cases.integer(0, shape.length - 1);
    const [exclusive, reverse] = [cases.next() < 0.5, cases.next() < 0.5];
    const x = cases.next() < 0.3 ? cases.special(shape) : cases.tensor(shape);
    yield scanCase(x, { product, axis, exclusive, reverse });
  }
}

export const scanTests: readonly ConformanceTest[] = [
  { name: 'running products along every axis', cases: () => scanCases(true) },
  {
    name: 'running sums along every axis',
    *cases() {
      yield* scanCases(false);
      const long = new Cases(224).tensor([3, 500, 70], 0, 1);
      yield { ...scanCase(long, { axis: 1, exclusive: false, reverse: true }), rtol: 1e-5 };
      yield { inputs: [plain([2, 0], [])], op: (x) => tf.cumsum(x!, 1) };
    },
  },
  {
    name: 'running sums of int32',
    cases: () => [
      { inputs: [plain([3], [1e9, -2, 3], 'int32')], op: (x) => tf.cumsum(x!), rtol: 0, atol: 0 },
    ],
  },
  {
    name: 'gradient of running sums',
    *cases() {
      const x = new Cases(227).tensor([3, 5]);
      for (const exclusive of [false, true]) {
        for (const reverse of [false, true]) {
          const scan = { axis: 1, exclusive, reverse };
          yield gradientCase(
            x,
            (v) => scanned(v, scan),
            (values) => running(x.shape, scan, values),
          );
        }
      }
    },
  },
];
