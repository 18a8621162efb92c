import type * as tf from '@tensorflow/tfjs';
import { type FastKernel, sizeOf } from './kernel';
import { copyLoop, isWord } from './shape';
import { stridesOf } from './strides';

/**
 * The picture is copied to its place; then, one dimension after the other, both borders are copied
 * backwards from what is there, over the full width of the dimensions already done.
 */
const mirrorPad: FastKernel = {
  name: 'MirrorPad',
  run({ inputs, attrs, backend }) {
    const x: tf.TensorInfo = inputs['x']!;
    const { paddings, mode } = attrs as { paddings: [number, number][]; mode: string };
    if (!isWord(x)) return undefined;
    const shape = x.shape.map((size, d) => size + paddings[d]![0] + paddings[d]![1]);
    const y = backend.output(shape, x.dtype);
    if (sizeOf(x) === 0) return y;
    const strides = stridesOf(shape);
    const to = backend.address(y);
    const start = paddings.reduce((sum, [before], d) => sum + before * strides[d]!, 0);
    copyLoop(
      backend,
      backend.address(x),
      to,
      { sizes: x.shape, a: stridesOf(x.shape), b: strides },
      0,
      start,
    );
    // 'reflect' leaves the border pixel itself out.
    const skip = mode === 'reflect' ? 1 : 0;
    const sizes = [...x.shape];
    let corner = start;
    for (const [d, [before, after]] of paddings.entries()) {
      const step = strides[d]!;
      const backwards = strides.map((stride, e) => (e === d ? -stride : stride));
      const border = (width: number, from: number, target: number) => {
        const loop = {
          sizes: sizes.map((size, e) => (e === d ? width : size)),
          a: backwards,
          b: strides,
        };
        copyLoop(backend, to, to, loop, from, target);
      };
      const last = corner + (x.shape[d]! - 1) * step;
      border(before, corner + (before - 1 + skip) * step, corner - before * step);
      border(after, last - skip * step, last + step);
      sizes[d] = shape[d]!;
      corner -= before * step;
    }
    return y;
  },
};

export const mirrorPadKernels: readonly FastKernel[] = [mirrorPad];
