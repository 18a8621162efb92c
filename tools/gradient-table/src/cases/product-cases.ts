import * as tf from '@tensorflow/tfjs';
import type { GradientCase, Trial } from '../gradient-case';
import { flat, indices, product, relu, sigmoid, softmax } from '../references';

const count = (sizes: readonly number[]) => sizes.reduce((a, b) => a * b, 1);

/** A sum of products over every index that the output lacks, for each of several sizes. */
const einsum = (equation: string, ...settings: Record<string, number>[]): GradientCase => {
  const [inputs, output] = equation.split('->') as [string, string];
  const operands = inputs.split(',');
  return {
    name: `einsum '${equation}'`,
    trials: settings.map((sizes): Trial => {
      const names = Object.keys(sizes);
      const sizesOf = (part: string) => part.split('').map((name) => sizes[name]!);
      const terms = indices(Object.values(sizes)).map((index) => {
        const place = (part: string) =>
          flat(
            part.split('').map((name) => index[names.indexOf(name)]!),
            sizesOf(part),
          );
        return { to: place(output), from: operands.map(place) };
      });
      return {
        shapes: operands.map(sizesOf),
        op: (...tensors) => tf.einsum(equation, ...tensors),
        reference: (...values) => {
          const result = new Array<number>(count(sizesOf(output))).fill(0);
          for (const { to, from } of terms) {
            result[to]! += from.reduce((p, place, i) => p * values[i]![place]!, 1);
          }
          return result;
        },
      };
    }),
  };
};

const transpose = (x: ArrayLike<number>, rows: number): number[] =>
  indices([x.length / rows, rows]).map(([c, r]) => x[(r! * x.length) / rows + c!]!);

interface Product {
  readonly a: number[];
  readonly b: number[];
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** Batched, and a batch of one goes with every other. */
function matMulTrial({ a, b, transposeA = false, transposeB = false }: Product): Trial {
  const inner = transposeA ? a.at(-2)! : a.at(-1)!;
  const [aSize, bSize] = [count(a.slice(-2)), count(b.slice(-2))];
  return {
    shapes: [a, b],
    op: (x, y) => tf.matMul(x!, y!, transposeA, transposeB),
    reference: (x, y) => {
      const batch = Math.max(x!.length / aSize, y!.length / bSize);
      const part = (values: Float64Array, size: number, i: number) => {
        const at = values.length === size ? 0 : i * size;
        return values.subarray(at, at + size);
      };
      return Array.from({ length: batch }, (_, i) => {
        const [left, right] = [part(x!, aSize, i), part(y!, bSize, i)];
        return product(
          transposeA ? transpose(left, inner) : left,
          transposeB ? transpose(right, b.at(-2)!) : right,
          inner,
        );
      }).flat();
    },
  };
}

const matMul = (name: string, ...products: Product[]): GradientCase => ({
  name: `matMul${name}`,
  trials: products.map(matMulTrial),
});

const activations = { linear: (v: number) => v, relu, sigmoid };

/** softmax(q·kᵀ)·v for each head, of `[heads, queries, depth]` and so on. */
function attention(q: number[], k: number[], v: number[], values: Float64Array[]): number[] {
  const [queries, keys, depth, width] = [q.at(-2)!, k.at(-2)!, q.at(-1)!, v.at(-1)!];
  const part = (input: number, size: number, head: number) =>
    values[input]!.subarray(head * size, (head + 1) * size);
  return Array.from({ length: values[0]!.length / (queries * depth) }, (_, head) => {
    const scores = product(
      part(0, queries * depth, head),
      transpose(part(1, keys * depth, head), keys),
      depth,
    );
    const shares = Array.from({ length: queries }, (__, r) =>
      softmax(scores.slice(r * keys, (r + 1) * keys)),
    );
    return product(shares.flat(), part(2, keys * width, head), keys);
  }).flat();
}

const attentionShapes: readonly [number[], number[], number[]][] = [
  [
    [1, 2, 3],
    [1, 3, 3],
    [1, 3, 2],
  ],
  [
    [2, 3, 2],
    [2, 1, 2],
    [2, 1, 3],
  ],
  [
    [1, 2, 2, 3],
    [1, 2, 4, 3],
    [1, 2, 4, 1],
  ],
  [
    [2, 1, 3, 2],
    [2, 1, 2, 2],
    [2, 1, 2, 3],
  ],
];

export const productCases: readonly GradientCase[] = [
  matMul('', { a: [3, 4], b: [4, 2] }, { a: [1, 5], b: [5, 1] }, { a: [2, 2, 3], b: [2, 3, 1] }),
  matMul(
    ', both transposed',
    { a: [4, 3], b: [2, 4], transposeA: true, transposeB: true },
    { a: [2, 3, 1], b: [2, 2, 3], transposeA: true, transposeB: true },
  ),
  matMul(
    ', one transposed',
    { a: [3, 4], b: [2, 4], transposeB: true },
    { a: [4, 3], b: [4, 1], transposeA: true },
    { a: [2, 1, 2, 3], b: [2, 1, 2, 3], transposeB: true },
  ),
  matMul(
    ', first batch broadcast',
    { a: [1, 2, 3], b: [2, 3, 2] },
    { a: [1, 1, 2], b: [3, 2, 1] },
    { a: [1, 3, 2], b: [2, 3, 1], transposeA: true },
  ),
  matMul(
    ', second batch broadcast and transposed',
    { a: [2, 2, 3], b: [1, 2, 3], transposeB: true },
    { a: [3, 1, 2], b: [1, 3, 2], transposeB: true },
  ),
  ...(['linear', 'relu', 'sigmoid'] as const).map((activation): GradientCase => ({
    name: `fused.matMul, ${activation}, also in its bias`,
    trials: [
      [[2, 3], [3, 2], [2]],
      [[1, 4], [4, 3], [3]],
      [[3, 2], [2, 1], [1]],
    ].map((shapes) => ({
      shapes,
      op: (a, b, bias) => tf.fused.matMul({ a: a!, b: b!, bias: bias!, activation }),
      reference: (a, b, bias) =>
        product(a!, b!, shapes[1]![0]!).map((v, i) =>
          activations[activation](v + bias![i % bias!.length]!),
        ),
    })),
  })),
  einsum(
    'bqd,bkd->bqk',
    { b: 2, q: 2, k: 3, d: 2 },
    { b: 1, q: 1, k: 2, d: 3 },
    { b: 3, q: 3, k: 1, d: 1 },
  ),
  einsum('bqk,bkd->bqd', { b: 2, q: 2, k: 3, d: 2 }, { b: 1, q: 3, k: 1, d: 2 }),
  einsum('bhqd,bhkd->bhqk', { b: 1, h: 2, q: 2, k: 2, d: 2 }, { b: 2, h: 1, q: 3, k: 2, d: 3 }),
  einsum('bhqk,bhkd->bqhd', { b: 1, h: 2, q: 2, k: 3, d: 2 }, { b: 2, h: 3, q: 1, k: 2, d: 1 }),
  einsum('bqhd,bkhd->bhqk', { b: 1, q: 2, h: 2, d: 3, k: 3 }, { b: 2, q: 3, h: 1, d: 2, k: 1 }),
  einsum('ij,jk->ki', { i: 2, j: 3, k: 2 }, { i: 1, j: 2, k: 3 }),
  einsum('ij,ij->', { i: 2, j: 3 }, { i: 1, j: 4 }),
  einsum('i,j->ij', { i: 3, j: 2 }, { i: 1, j: 3 }),
  einsum('ij->', { i: 2, j: 3 }, { i: 3, j: 1 }),
  einsum('ijk->ki', { i: 2, j: 3, k: 2 }, { i: 1, j: 2, k: 3 }),
  {
    name: 'attention: softmax(q·kᵀ)·v',
    trials: attentionShapes.map((shapes) => ({
      shapes,
      op: (q, k, v) => tf.matMul(tf.softmax(tf.matMul(q!, k!, false, true)), v!),
      reference: (...values) => attention(...shapes, values),
    })),
  },
  {
    name: 'attention by einsum',
    trials: attentionShapes.slice(2).map((shapes) => ({
      shapes,
      op: (q, k, v) => {
        const shares = tf.softmax(tf.einsum('bhqd,bhkd->bhqk', q!, k!));
        return tf.einsum('bhqk,bhkd->bhqd', shares, v!);
      },
      reference: (...values) => attention(...shapes, values),
    })),
  },
];
