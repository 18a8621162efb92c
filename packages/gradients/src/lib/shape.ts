import * as tf from '@tensorflow/tfjs';
import { gradientConfig, noGradient } from './gradient-config';

interface DepthToSpaceAttrs {
  readonly blockSize: number;
  readonly dataFormat: 'NHWC' | 'NCHW';
}

/** Space to depth: `[b, h·k, w·k, c]` to `[b, h, w, k·k·c]`. */
function spaceToDepth(x: tf.Tensor, k: number): tf.Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const blocks = tf.reshape(x, [(batch * height) / k, k, width / k, k * channels]);
  const gathered = tf.transpose(blocks, [0, 2, 1, 3]);
  return tf.reshape(gathered, [batch, height / k, width / k, k * k * channels]);
}

interface StridedSliceAttrs {
  readonly begin: number[];
  readonly end: number[];
  readonly strides: number[];
  readonly beginMask: number;
  readonly endMask: number;
  readonly ellipsisMask: number;
  readonly newAxisMask: number;
  readonly shrinkAxisMask: number;
}

/** Puts every element of a dimension where the slice took it from, zeros elsewhere. */
function unslice(dy: tf.Tensor, axis: number, begin: number, stride: number, size: number) {
  const count = dy.shape[axis]!;
  const step = Math.abs(stride);
  const forward = stride < 0 ? tf.reverse(dy, axis) : dy;
  const first = stride < 0 ? begin + (count - 1) * stride : begin;
  const outer = tf.util.sizeFromShape(dy.shape.slice(0, axis));
  const inner = tf.util.sizeFromShape(dy.shape.slice(axis + 1));
  const apart = tf.pad(tf.reshape(forward, [outer, count, 1, inner]), [
    [0, 0],
    [0, 0],
    [0, step - 1],
    [0, 0],
  ]);
  const end = first + count * step;
  const placed = tf.pad(tf.reshape(apart, [outer, count * step, inner]), [
    [0, 0],
    [first, Math.max(0, size - end)],
    [0, 0],
  ]);
  return tf.reshape(
    tf.slice(placed, [0, 0, 0], [outer, size, inner]),
    dy.shape.map((n, d) => (d === axis ? size : n)),
  );
}

function stridedSliceGradient(dy: tf.Tensor, x: tf.Tensor, attrs: StridedSliceAttrs): tf.Tensor {
  const { finalShapeSparse, begin, strides } = tf.slice_util.sliceInfo(
    x.shape,
    attrs.begin,
    attrs.end,
    attrs.strides,
    attrs.beginMask,
    attrs.endMask,
    attrs.ellipsisMask,
    attrs.newAxisMask,
    attrs.shrinkAxisMask,
  );
  if (dy.size === 0) return tf.zeros(x.shape);
  return x.shape.reduce(
    (d, size, axis) => unslice(d, axis, begin[axis]!, strides[axis]!, size),
    tf.reshape(dy, finalShapeSparse),
  );
}

/** Sums the copies of x, one dimension at a time. */
function untile(dy: tf.Tensor, shape: number[], reps: number[]): tf.Tensor {
  const summed = reps.reduce((d, rep, axis) => {
    if (rep === 1) return d;
    const outer = tf.util.sizeFromShape(d.shape.slice(0, axis));
    const inner = tf.util.sizeFromShape(d.shape.slice(axis + 1));
    const size = shape[axis]!;
    return tf.reshape(
      tf.sum(tf.reshape(d, [outer, rep, size * inner]), 1),
      d.shape.map((n, e) => (e === axis ? size : n)),
    );
  }, dy);
  // A new tensor in any case: the backward pass disposes of what it is given.
  return tf.reshape(summed, shape);
}

/** The only output's gradient arrives alone, and not in an array of one. */
const asArray = (dys: tf.Tensor | tf.Tensor[]) => (Array.isArray(dys) ? dys : [dys]);

/** Gradients of operations that only move elements. */
export const shapeGradients = (): readonly tf.GradConfig[] => [
  gradientConfig('DepthToSpace', [], (dy, _, { blockSize, dataFormat }: DepthToSpaceAttrs) => ({
    x: () =>
      dataFormat === 'NHWC'
        ? spaceToDepth(dy, blockSize)
        : tf.transpose(spaceToDepth(tf.transpose(dy, [0, 2, 3, 1]), blockSize), [0, 3, 1, 2]),
  })),
  gradientConfig('FlipLeftRight', [], (dy) => ({ image: () => tf.reverse(dy, 2) })),
  gradientConfig('GatherNd', ['params', 'indices'], (dy, [params, indices]) => ({
    params: () => tf.scatterND(indices, dy, params.shape),
    indices: noGradient(indices),
  })),
  gradientConfig('ScatterNd', ['indices'], (dy, [indices]) => ({
    updates: () => tf.gatherND(dy, indices),
    indices: noGradient(indices),
  })),
  gradientConfig('StridedSlice', ['x'], (dy, [x], attrs: StridedSliceAttrs) => ({
    x: () => stridedSliceGradient(dy, x, attrs),
  })),
  gradientConfig('Tile', ['x'], (dy, [x], { reps }: { reps: number[] }) => ({
    x: () => untile(dy, x.shape, reps),
  })),
  {
    kernelName: 'SplitV',
    gradFunc: (dys, _, attrs) => ({
      x: () => tf.concat(asArray(dys), attrs['axis'] as number),
    }),
  },
  {
    kernelName: 'Unpack',
    gradFunc: (dys, _, attrs) => ({
      value: () => tf.stack(asArray(dys), attrs['axis'] as number),
    }),
  },
];
