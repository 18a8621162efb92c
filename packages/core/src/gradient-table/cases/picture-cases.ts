import * as tf from '@tensorflow/tfjs';
import type { GradientCase } from '../gradient-case';
import { type WindowOptions, flat, indices, mean, moved, pooled } from '../references';

type Shape4 = [number, number, number, number];
const shape: Shape4 = [2, 3, 5, 2];

const pooling = (
  name: string,
  window: [number, number],
  options: WindowOptions & { readonly stride: number; readonly pad: 'same' | 'valid' },
  kind: 'max' | 'avg',
): GradientCase => ({
  name,
  shapes: [shape],
  op: (x) => {
    const pool = kind === 'max' ? tf.maxPool : tf.avgPool;
    return pool(x as tf.Tensor4D, window, options.stride, options.pad);
  },
  reference: (x) =>
    pooled(shape, window, options, kind === 'max' ? (v) => Math.max(...v) : mean)(x!),
});

interface ResizeOptions {
  readonly alignCorners?: boolean;
  readonly halfPixelCenters?: boolean;
}

/** Where output pixel `i` lies in the input. */
function position(i: number, from: number, to: number, options: ResizeOptions, half: number) {
  if (options.alignCorners && to > 1) return (i * (from - 1)) / (to - 1);
  return options.halfPixelCenters ? ((i + 0.5) * from) / to - half : (i * from) / to;
}

const nearest = (
  name: string,
  [batch, height, width, channels]: Shape4,
  size: [number, number],
  options: ResizeOptions = {},
): GradientCase => {
  const { alignCorners = false, halfPixelCenters = false } = options;
  const pixel = (i: number, from: number, to: number) => {
    const at = position(i, from, to, options, 0);
    return Math.min(from - 1, alignCorners ? Math.round(at) : Math.floor(at));
  };
  const places = indices([batch, ...size, channels]).map(([b, y, x, c]) =>
    flat(
      [b!, pixel(y!, height, size[0]), pixel(x!, width, size[1]), c!],
      [batch, height, width, channels],
    ),
  );
  return {
    name,
    shapes: [[batch, height, width, channels]],
    op: (x) =>
      tf.image.resizeNearestNeighbor(x as tf.Tensor4D, size, alignCorners, halfPixelCenters),
    reference: (x) => moved(places)(x!),
  };
};

const bilinear = (
  name: string,
  inputShape: Shape4,
  size: [number, number],
  options: ResizeOptions = {},
): GradientCase => {
  const [batch, height, width, channels] = inputShape;
  const { alignCorners = false, halfPixelCenters = false } = options;
  const between = (i: number, from: number, to: number) => {
    const at = Math.min(from - 1, Math.max(0, position(i, from, to, options, 0.5)));
    const low = Math.floor(at);
    return { low, high: Math.min(from - 1, low + 1), part: at - low };
  };
  return {
    name,
    shapes: [inputShape],
    op: (x) => tf.image.resizeBilinear(x as tf.Tensor4D, size, alignCorners, halfPixelCenters),
    reference: (values) =>
      indices([batch, ...size, channels]).map(([b, y, x, c]) => {
        const row = between(y!, height, size[0]);
        const column = between(x!, width, size[1]);
        const at = (r: number, k: number) => values![flat([b!, r, k, c!], inputShape)]!;
        const mix = (r: number) =>
          at(r, column.low) * (1 - column.part) + at(r, column.high) * column.part;
        return mix(row.low) * (1 - row.part) + mix(row.high) * row.part;
      }),
  };
};

const mirrored = (mode: 'reflect' | 'symmetric'): GradientCase => {
  const size = [1, 3, 4, 2] as const;
  const mirror = (i: number, n: number) => {
    const edge = mode === 'reflect' ? 0 : 1;
    return i < 0 ? -i - edge : i >= n ? 2 * (n - 1) - i + edge : i;
  };
  const places = indices([1, 3 + 2, 4 + 3, 2]).map(([, y, x, c]) =>
    flat([0, mirror(y! - 2, 3), mirror(x! - 1, 4), c!], size),
  );
  return {
    name: `mirrorPad, ${mode}`,
    shapes: [[...size]],
    op: (x) =>
      tf.mirrorPad(
        x!,
        [
          [0, 0],
          [2, 0],
          [1, 2],
          [0, 0],
        ],
        mode,
      ),
    reference: (x) => moved(places)(x!),
  };
};

const depthToSpace: GradientCase = {
  name: 'depthToSpace (pixel shuffle)',
  shapes: [[1, 2, 3, 8]],
  op: (x) => tf.depthToSpace(x as tf.Tensor4D, 2),
  reference: (x) =>
    moved(
      indices([4, 6, 2]).map(([row, column, c]) =>
        flat([row! >> 1, column! >> 1, (2 * (row! & 1) + (column! & 1)) * 2 + c!], [2, 3, 8]),
      ),
    )(x!),
};

export const pictureCases: readonly GradientCase[] = [
  pooling('maxPool 2×2, stride 2', [2, 2], { stride: 2, pad: 'valid' }, 'max'),
  pooling('maxPool 3×3, stride 1, same', [3, 3], { stride: 1, pad: 'same' }, 'max'),
  pooling('avgPool 2×2, stride 2', [2, 2], { stride: 2, pad: 'valid' }, 'avg'),
  pooling('avgPool 3×2, stride 2, same', [3, 2], { stride: 2, pad: 'same' }, 'avg'),
  nearest('resizeNearestNeighbor ×2', [2, 2, 2, 2], [4, 4]),
  nearest('resizeNearestNeighbor, one picture, not square', [1, 2, 3, 2], [4, 6]),
  nearest('resizeNearestNeighbor, alignCorners', [2, 2, 3, 1], [4, 8], { alignCorners: true }),
  nearest('resizeNearestNeighbor, halfPixelCenters, smaller', [1, 4, 5, 1], [3, 2], {
    halfPixelCenters: true,
  }),
  bilinear('resizeBilinear ×2', [2, 3, 3, 2], [6, 6]),
  bilinear('resizeBilinear, not square', [2, 2, 3, 2], [4, 5]),
  bilinear('resizeBilinear, alignCorners', [1, 3, 3, 1], [5, 4], { alignCorners: true }),
  bilinear('resizeBilinear, halfPixelCenters', [1, 3, 3, 1], [6, 5], { halfPixelCenters: true }),
  {
    name: 'pad',
    shapes: [[2, 3]],
    op: (x) =>
      tf.pad(x!, [
        [1, 0],
        [2, 1],
      ]),
    reference: (x) =>
      indices([3, 6]).map(([r, c]) => (r! > 0 && c! > 1 && c! < 5 ? x![3 * r! + c! - 5]! : 0)),
  },
  mirrored('reflect'),
  mirrored('symmetric'),
  depthToSpace,
  {
    name: 'image.flipLeftRight',
    shapes: [[1, 2, 3, 2]],
    op: (x) => tf.image.flipLeftRight(x as tf.Tensor4D),
    reference: (x) =>
      moved(indices([2, 3, 2]).map(([r, k, c]) => flat([r!, 2 - k!, c!], [2, 3, 2])))(x!),
  },
];
