import * as tf from '@tensorflow/tfjs';
import type { GradientCase } from '../gradient-case';
import { flat, indices, product, softmax } from '../references';

/** A sum of products over every index that the output lacks. */
const einsum = (equation: string, sizes: Record<string, number>): GradientCase => {
  const [inputs, output] = equation.split('->') as [string, string];
  const operands = inputs.split(',');
  const names = Object.keys(sizes);
  const sizesOf = (part: string) => part.split('').map((name) => sizes[name]!);
  return {
    name: `einsum '${equation}'`,
    shapes: operands.map(sizesOf),
    op: (...tensors) => tf.einsum(equation, ...tensors),
    reference: (...values) => {
      const result = new Array<number>(sizesOf(output).reduce((a, b) => a * b, 1)).fill(0);
      for (const index of indices(names.map((name) => sizes[name]!))) {
        const place = (part: string) =>
          flat(
            part.split('').map((name) => index[names.indexOf(name)]!),
            sizesOf(part),
          );
        result[place(output)]! += operands.reduce((p, part, i) => p * values[i]![place(part)]!, 1);
      }
      return result;
    },
  };
};

const transpose = (x: ArrayLike<number>, rows: number): number[] =>
  indices([x.length / rows, rows]).map(([c, r]) => x[(r! * x.length) / rows + c!]!);

export const productCases: readonly GradientCase[] = [
  {
    name: 'matMul',
    shapes: [
      [3, 4],
      [4, 2],
    ],
    op: (a, b) => tf.matMul(a!, b!),
    reference: (a, b) => product(a!, b!, 4),
  },
  {
    name: 'matMul, both transposed',
    shapes: [
      [4, 3],
      [2, 4],
    ],
    op: (a, b) => tf.matMul(a!, b!, true, true),
    reference: (a, b) => product(transpose(a!, 4), transpose(b!, 2), 4),
  },
  {
    name: 'matMul, first batch broadcast',
    shapes: [
      [1, 2, 3],
      [2, 3, 2],
    ],
    op: (a, b) => tf.matMul(a!, b!),
    reference: (a, b) => [0, 1].flatMap((i) => product(a!, b!.subarray(6 * i, 6 * i + 6), 3)),
  },
  {
    name: 'matMul, second batch broadcast and transposed',
    shapes: [
      [2, 2, 3],
      [1, 2, 3],
    ],
    op: (a, b) => tf.matMul(a!, b!, false, true),
    reference: (a, b) =>
      [0, 1].flatMap((i) => product(a!.subarray(6 * i, 6 * i + 6), transpose(b!, 2), 3)),
  },
  ...(['linear', 'relu', 'sigmoid'] as const).map((activation): GradientCase => ({
    name: `fused.matMul, ${activation}, also in its bias`,
    shapes: [[2, 3], [3, 2], [2]],
    op: (a, b, bias) => tf.fused.matMul({ a: a!, b: b!, bias: bias!, activation }),
    reference: (a, b, bias) => {
      const f = {
        linear: (v: number) => v,
        relu: (v: number) => Math.max(v, 0),
        sigmoid: (v: number) => 1 / (1 + Math.exp(-v)),
      }[activation];
      return product(a!, b!, 3).map((v, i) => f(v + bias![i % 2]!));
    },
  })),
  einsum('bqd,bkd->bqk', { b: 2, q: 2, k: 3, d: 2 }),
  einsum('bqk,bkd->bqd', { b: 2, q: 2, k: 3, d: 2 }),
  einsum('bhqd,bhkd->bhqk', { b: 1, h: 2, q: 2, k: 2, d: 2 }),
  einsum('ij,jk->ki', { i: 2, j: 3, k: 2 }),
  einsum('ij,ij->', { i: 2, j: 3 }),
  einsum('ij->', { i: 2, j: 3 }),
  einsum('ijk->ki', { i: 2, j: 3, k: 2 }),
  {
    name: 'attention: softmax(q·kᵀ)·v',
    shapes: [
      [1, 2, 3],
      [1, 3, 3],
      [1, 3, 2],
    ],
    op: (q, k, v) => tf.matMul(tf.softmax(tf.matMul(q!, k!, false, true)), v!),
    reference: (q, k, v) => {
      const scores = product(q!, transpose(k!, 3), 3);
      return product([...softmax(scores.slice(0, 3)), ...softmax(scores.slice(3))], v!, 3);
    },
  },
];
