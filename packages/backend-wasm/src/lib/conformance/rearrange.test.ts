import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { BACKEND_NAME } from '../kernels/kernel';
import { Cases, check, checkGradient, checkValues, onEverySetting, type Plain, run } from './cases';

/** a·b for every pair of broadcast batches, in float64. */
function products(a: Plain, b: Plain): number[] {
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
    let rest = i;
    const index = batch.map(() => 0);
    for (let d = batch.length - 1; d >= 0; d--) {
      index[d] = rest % batch[d]!;
      rest = Math.floor(rest / batch[d]!);
    }
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
  return y;
}

onEverySetting(() => {
  it('split, stack and unstack along every axis', () => {
    const cases = new Cases(281);
    for (let i = 0; i < 50; i++) {
      const shape = cases.shape(cases.integer(1, 4), 6);
      const axis = cases.integer(0, shape.length - 1);
      const x = cases.special(shape);
      check([x], (v) => tf.unstack(v!, axis), 0, 0);
      const first = cases.integer(0, shape[axis]!);
      check([x], (v) => tf.split(v!, [first, shape[axis]! - first], axis), 0, 0);
      check([x], (v) => tf.split(v!, shape[axis]!, axis), 0, 0);
      const at = cases.integer(-1, shape.length);
      check([x, cases.tensor(shape), x], (...all) => tf.stack(all, at), 0, 0);
      check([x], (v) => tf.stack([v!], axis), 0, 0);
    }
    const integers: Plain = { shape: [2, 2], values: Int32Array.of(1, -2, 2e9, 4), dtype: 'int32' };
    check([integers], (v) => [...tf.unstack(v!, 1), tf.stack([v!, v!], 1)], 0, 0);
    const mask: Plain = { shape: [3], values: Int32Array.of(1, 0, 1), dtype: 'bool' };
    check([mask], (v) => [...tf.unstack(v!), tf.stack([v!, v!], 1)], 0, 0);
  });

  it('the gradients of split and stack', () => {
    const x = new Cases(283).tensor([3, 4]);
    checkGradient(
      x,
      (v) => tf.stack(tf.split(v, 2, 1), 0),
      (v) => [0, 1, 4, 5, 8, 9, 2, 3, 6, 7, 10, 11].map((i) => v[i]!),
    );
  });

  it('mirror pad', () => {
    const cases = new Cases(293);
    for (let i = 0; i < 80; i++) {
      const shape = cases.shape(cases.integer(1, 4), 6);
      const mode = cases.pick(['reflect', 'symmetric'] as const);
      const paddings = shape.map((size): [number, number] => {
        const most = mode === 'reflect' ? size - 1 : size;
        return [cases.integer(0, most), cases.integer(0, most)];
      });
      check([cases.special(shape)], (x) => tf.mirrorPad(x!, paddings, mode), 0, 0);
    }
    const x: Plain = { shape: [2, 2], values: Int32Array.of(1, 2, 3, 4), dtype: 'int32' };
    const one: [number, number] = [1, 1];
    check([x], (v) => tf.mirrorPad(v!, [one, one], 'symmetric'), 0, 0);
  });

  it('depth to space', () => {
    const cases = new Cases(307);
    for (let i = 0; i < 40; i++) {
      const block = cases.integer(2, 3);
      const shape = [...cases.shape(3, 4), block * block * cases.integer(1, 5)];
      const op = (x: tf.Tensor) => tf.depthToSpace(x as tf.Tensor4D, block, 'NHWC');
      check([cases.tensor(shape)], (x) => op(x!), 0, 0);
    }
  });

  it('matrix products with broadcast batches', () => {
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
      const a = cases.tensor([...left, 3, 5]);
      const b = cases.tensor([...right, 5, 9]);
      checkValues([a, b], (x, y) => tf.matMul(x!, y!), products(a, b), 1e-5, 1e-5);
    }
  });

  it('einsum', () => {
    const cases = new Cases(313);
    const size: Record<string, number> = { b: 2, h: 3, i: 4, j: 5, k: 6 };
    const equations = [
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
    ];
    for (const equation of equations) {
      const terms = equation.split('->')[0]!.split(',');
      const inputs = terms.map((term) => cases.tensor(term.split('').map((index) => size[index]!)));
      check(inputs, (...all) => tf.einsum(equation, ...all), 1e-5, 2e-5);
    }
    const wrong = [cases.tensor([2, 3]), cases.tensor([4, 2])];
    expect(() => run(BACKEND_NAME, wrong, (...all) => tf.einsum('ij,jk->ik', ...all))).toThrow(
      'dimension',
    );
  });

  it('unequal batches that do not broadcast', () => {
    const inputs = [new Cases(1).tensor([2, 3, 4]), new Cases(2).tensor([3, 4, 5])];
    expect(() => run(BACKEND_NAME, inputs, (a, b) => tf.matMul(a!, b!))).toThrow('broadcast');
  });
});
