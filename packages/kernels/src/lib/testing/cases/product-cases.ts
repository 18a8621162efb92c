import * as tf from '@tensorflow/tfjs';
import { runKernel } from '../../run-kernel';
import { type ConformanceTest, float32, type Op } from '../conformance-case';
import { Cases, type Plain } from '../seeded-cases';

const activations = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const;

/** a·b for every pair of broadcast batches, in float64. */
function products(a: Plain, b: Plain): tf.Tensor {
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(
    a.shape.slice(0, -2),
    b.shape.slice(0, -2),
  );
  const [m, k] = a.shape.slice(-2) as [number, number];
  const n = b.shape[b.shape.length - 1]!;
  const place = (shape: number[], index: number[]) =>
    shape.reduce((at, size, d) => {
      const i = index[d + index.length - shape.length]!;
      return at * size + (size === 1 ? 0 : i);
    }, 0);
  const y: number[] = [];
  for (let i = 0; i < tf.util.sizeFromShape(batch); i++) {
    const index = tf.util.indexToLoc(i, batch.length, tf.util.computeStrides(batch));
    const from = place(a.shape.slice(0, -2), index) * m * k;
    const other = place(b.shape.slice(0, -2), index) * k * n;
    for (let r = 0; r < m; r++) {
      for (let c = 0; c < n; c++) {
        let sum = 0;
        for (let j = 0; j < k; j++) {
          sum += a.values[from + r * k + j]! * b.values[other + j * n + c]!;
        }
        y.push(sum);
      }
    }
  }
  return float32(y, [...batch, m, n]);
}

export const productTests: readonly ConformanceTest[] = [
  {
    name: 'matrix products: all transposes, odd sizes, batches',
    *cases() {
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
        yield { inputs: [a, b], op: (x, y) => tf.matMul(x!, y!, ta, tb) };
      }
    },
  },
  {
    name: 'matrix products: depths over one block, and zero sizes',
    *cases() {
      const cases = new Cases(17);
      for (const [m, k, n] of [
        [5, 300, 9],
        [130, 513, 17],
        // More rows than those that take B as it is.
        [300, 270, 19],
        [0, 3, 4],
        [3, 4, 0],
      ] as const) {
        for (const ta of [false, true]) {
          const inputs = [cases.tensor(ta ? [k, m] : [m, k]), cases.tensor([k, n])];
          yield { inputs, op: (x, y) => tf.matMul(x!, y!, ta), atol: 1e-4 };
        }
      }
    },
  },
  {
    name: 'the product of a dense layer, with and without bias',
    kernels: ['Dense'],
    *cases() {
      const cases = new Cases(19);
      for (let i = 0; i < 60; i++) {
        const [m, k, n] = [cases.integer(0, 70), cases.integer(1, 40), cases.integer(1, 40)];
        const inputs = [cases.tensor([m, k]), cases.tensor([k, n])];
        if (i % 2) inputs.push(cases.tensor([n]));
        yield {
          inputs,
          op: (x, kernel, bias) =>
            runKernel(
              'Dense',
              {
                x: x as tf.Tensor2D,
                kernel: kernel as tf.Tensor2D,
                ...(bias && { bias: bias as tf.Tensor1D }),
              },
              {},
            ),
          reference: (x, kernel, bias) => {
            const product = tf.matMul(x!, kernel!);
            return bias ? tf.add(product, bias) : product;
          },
        };
      }
    },
  },
  {
    name: 'matrix products with broadcast batches',
    *cases() {
      const cases = new Cases(311);
      for (const [left, right] of [
        [[3, 1], [4]],
        [
          [2, 1, 3],
          [5, 1],
        ],
        [[1, 4], [4]],
        [[], [2, 3]],
        [[2], []],
        [[0], [1]],
      ] as const) {
        const [a, b] = [cases.tensor([...left, 3, 5]), cases.tensor([...right, 5, 9])];
        yield {
          inputs: [a, b],
          op: (x, y) => tf.matMul(x!, y!),
          reference: () => products(a, b),
          rtol: 1e-5,
          atol: 1e-5,
        };
      }
    },
  },
  {
    name: 'matrix products with bias and activation',
    *cases() {
      const cases = new Cases(19);
      for (const activation of activations) {
        for (const transposeA of [false, true]) {
          for (const biasShape of [[11], [1], [6, 11]]) {
            const a = cases.tensor(transposeA ? [7, 6] : [6, 7]);
            yield {
              inputs: [a, cases.tensor([7, 11]), cases.tensor(biasShape)],
              op: (x, y, bias) =>
                tf.fused.matMul({
                  a: x as tf.Tensor2D,
                  b: y as tf.Tensor2D,
                  bias: bias!,
                  transposeA,
                  activation,
                  leakyreluAlpha: 0.3,
                }),
            };
          }
        }
      }
      yield {
        inputs: [cases.tensor([6, 7]), cases.tensor([7, 11]), cases.tensor([11])],
        op: (x, y, alpha) =>
          tf.fused.matMul({
            a: x as tf.Tensor2D,
            b: y as tf.Tensor2D,
            activation: 'prelu',
            preluActivationWeights: alpha!,
          }),
      };
    },
  },
  {
    name: 'einsum',
    *cases() {
      const cases = new Cases(313);
      const size: Record<string, number> = { b: 2, h: 3, i: 4, j: 5, k: 6 };
      for (const equation of [
        'ij,jk->ik',
        'ij,jk->ki',
        'bij,bjk->bik',
        'bihk,bjhk->bhij',
        'ij,ij->',
        'ij,ij->ij',
        'i,j->ij',
        'bij,kj->bki',
        // As the stock kernel does them.
        'ij,k->k',
        'ij->ji',
        'ij->i',
      ]) {
        const terms = equation.split('->')[0]!.split(',');
        const op: Op = (...all) => tf.einsum(equation, ...all);
        const inputs = terms.map((term) =>
          cases.tensor(term.split('').map((index) => size[index]!)),
        );
        yield { inputs, op, rtol: 1e-5 };
      }
    },
  },
];
