import * as tf from '@tensorflow/tfjs';
import type { GradientCase, Trial } from '../gradient-case';
import { flat, indices, mean, moved, pooled, type WindowOptions } from '../references';

type Shape4 = [number, number, number, number];

interface Pooling {
  readonly shape: number[];
  readonly window: number[];
  readonly stride: number | number[];
  readonly pad: 'same' | 'valid' | number;
}

const kinds = {
  max: (values: number[]) => Math.max(...values),
  avg: mean,
};

const pooling = (kind: 'max' | 'avg', settings: readonly Pooling[]): GradientCase => ({
  name: `${kind}Pool`,
  trials: settings.map(({ shape, window, stride, pad }) => {
    const batched = shape.length === 3 ? [1, ...shape] : shape;
    const reference = pooled(batched, window, { stride, pad } as WindowOptions, kinds[kind]);
    return {
      shapes: [shape],
      op: (x) => {
        const pool = kind === 'max' ? tf.maxPool : tf.avgPool;
        return pool(x as tf.Tensor4D, window as [number, number], stride as number, pad);
      },
      reference: (x) => reference(x!),
    };
  }),
});

/** It takes batches of pictures only, and no padding by numbers. */
function argmaxTrial({ shape, window, stride, pad }: Pooling): Trial[] {
  if (shape.length === 3 || typeof pad === 'number') return [];
  const reference = pooled(shape, window, { stride, pad }, kinds.max);
  const [size, strides] = [window as [number, number], stride as number];
  const op: Trial['op'] = (x) =>
    tf.maxPoolWithArgmax(x as tf.Tensor4D, size, strides, pad)['result']!;
  return [{ shapes: [shape], op, reference: (x) => reference(x!) }];
}

/** Windows side by side, that overlap, that leave gaps, and that reach over the border. */
const poolings: readonly Pooling[] = [
  { shape: [2, 4, 5, 2], window: [2, 2], stride: 2, pad: 'valid' },
  { shape: [2, 3, 5, 2], window: [3, 3], stride: 1, pad: 'same' },
  { shape: [1, 3, 5, 2], window: [3, 2], stride: 2, pad: 'same' },
  { shape: [1, 5, 4, 1], window: [2, 3], stride: [3, 1], pad: 'valid' },
  { shape: [2, 5, 4, 1], window: [3, 3], stride: 2, pad: 1 },
  { shape: [5, 3, 3], window: [2, 1], stride: 2, pad: 'same' },
  { shape: [3, 1, 4, 1], window: [1, 2], stride: 1, pad: 'valid' },
];

const dilatedPooling = (kind: 'max' | 'avg'): GradientCase => ({
  name: `pool, dilated, ${kind}`,
  trials: [
    { shape: [1, 6, 6, 1], window: [2, 2], dilation: 2 },
    { shape: [2, 4, 6, 1], window: [2, 1], dilation: 3 },
  ].map(({ shape, window, dilation }) => ({
    shapes: [shape],
    op: (x) =>
      tf.pool(x as tf.Tensor4D, window as [number, number], kind, 'valid', [dilation, dilation]),
    reference: (x) => pooled(shape, window, { dilation, pad: 'valid' }, kinds[kind])(x!),
  })),
});

const pooling3d = (kind: 'max' | 'avg'): GradientCase => ({
  name: `${kind}Pool3d`,
  trials: (
    [
      { shape: [1, 4, 4, 2, 1], window: [2, 2, 2], stride: 2, pad: 'valid' },
      { shape: [2, 3, 2, 3, 2], window: [2, 2, 3], stride: 1, pad: 'same' },
      { shape: [1, 5, 3, 1, 2], window: [3, 2, 1], stride: 2, pad: 'same' },
      { shape: [3, 3, 3, 1], window: [2, 2, 2], stride: 1, pad: 'valid' },
    ] as { shape: number[]; window: [number, number, number]; stride: number; pad: 'same' }[]
  ).map(({ shape, window, stride, pad }) => {
    const batched = shape.length === 4 ? [1, ...shape] : shape;
    const reference = pooled(batched, window, { stride, pad }, kinds[kind]);
    return {
      shapes: [shape],
      op: (x) => {
        const pool = kind === 'max' ? tf.maxPool3d : tf.avgPool3d;
        return pool(x as tf.Tensor5D, window, stride, pad);
      },
      reference: (x) => reference(x!),
    };
  }),
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

type Resize = readonly [Shape4, [number, number]];

/** Twice as large, not square, larger in one dimension alone, from one pixel, and smaller. */
const resizes: readonly Resize[] = [
  [
    [2, 2, 2, 2],
    [4, 4],
  ],
  [
    [1, 2, 3, 2],
    [4, 6],
  ],
  [
    [2, 3, 2, 1],
    [5, 2],
  ],
  [
    [1, 1, 2, 3],
    [2, 3],
  ],
  [
    [2, 4, 5, 1],
    [3, 2],
  ],
];

function nearestTrial(
  [[batch, height, width, channels], size]: Resize,
  options: ResizeOptions,
): Trial {
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
    shapes: [[batch, height, width, channels]],
    op: (x) =>
      tf.image.resizeNearestNeighbor(x as tf.Tensor4D, size, alignCorners, halfPixelCenters),
    reference: (x) => moved(places)(x!),
  };
}

export function bilinearTrial([inputShape, size]: Resize, options: ResizeOptions): Trial {
  const [batch, height, width, channels] = inputShape;
  const { alignCorners = false, halfPixelCenters = false } = options;
  const between = (i: number, from: number, to: number) => {
    const at = Math.min(from - 1, Math.max(0, position(i, from, to, options, 0.5)));
    const low = Math.floor(at);
    return { low, high: Math.min(from - 1, low + 1), part: at - low };
  };
  return {
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
}

const resizeOptions: Record<string, ResizeOptions> = {
  '': {},
  ', alignCorners': { alignCorners: true },
  ', halfPixelCenters': { halfPixelCenters: true },
};

// From one pixel by corners, the gradient of the stock cpu kernel for the nearest never returns.
const returns = ([[, height]]: Resize, name: string, options: ResizeOptions) =>
  height > 1 || options.alignCorners !== true || name !== 'resizeNearestNeighbor';

const resizing = (
  name: string,
  trial: (resize: Resize, options: ResizeOptions) => Trial,
): GradientCase[] =>
  Object.entries(resizeOptions).map(([how, options]) => ({
    name: name + how,
    trials: resizes
      .filter((resize) => returns(resize, name, options))
      .map((resize) => trial(resize, options)),
  }));

type Paddings = [number, number][];

const paddings: readonly { readonly shape: number[]; readonly pads: Paddings }[] = [
  {
    shape: [2, 3],
    pads: [
      [1, 0],
      [2, 1],
    ],
  },
  { shape: [4], pads: [[2, 3]] },
  {
    shape: [1, 3, 4, 2],
    pads: [
      [0, 0],
      [2, 0],
      [1, 2],
      [0, 0],
    ],
  },
  {
    shape: [2, 3, 3],
    pads: [
      [1, 1],
      [2, 2],
      [0, 2],
    ],
  },
];

/** A function of the place, along each dimension, of an element of the padded tensor. */
const padding = (
  name: string,
  op: (x: tf.Tensor, pads: Paddings) => tf.Tensor,
  from: (i: number, size: number) => number | undefined,
): GradientCase => ({
  name,
  trials: paddings.map(({ shape, pads }) => {
    const outputs = indices(shape.map((n, d) => n + pads[d]![0] + pads[d]![1]));
    const sources = outputs.map((index) =>
      index.map((i, d) => from(i - pads[d]![0], shape[d]!) ?? -1),
    );
    const places = sources.map((index) => (index.includes(-1) ? -1 : flat(index, shape)));
    return {
      shapes: [shape],
      op: (x) => op(x!, pads),
      reference: (x) => places.map((place) => x![place] ?? 0),
    };
  }),
});

const mirrored = (mode: 'reflect' | 'symmetric'): GradientCase => {
  const edge = mode === 'reflect' ? 0 : 1;
  return padding(
    `mirrorPad, ${mode}`,
    (x, pads) => tf.mirrorPad(x, pads, mode),
    (i, n) => (i < 0 ? -i - edge : i >= n ? 2 * (n - 1) - i + edge : i),
  );
};

interface Shuffle {
  readonly shape: Shape4;
  readonly block: number;
}

export const shuffles: readonly Shuffle[] = [
  { shape: [1, 2, 3, 8], block: 2 },
  { shape: [2, 1, 2, 9], block: 3 },
  { shape: [1, 3, 1, 4], block: 2 },
];

/** Depth to space: the channels of a pixel become a block of pixels. */
export function shuffleTrial(
  { shape, block: k }: Shuffle,
  op: (x: tf.Tensor4D, block: number) => tf.Tensor,
): Trial {
  const [batch, height, width, channels] = shape;
  const out = channels / k ** 2;
  const places = indices([batch, height * k, width * k, out]).map((index) => {
    const [b, row, column, c] = index as Shape4;
    const inBlock = k * (row % k) + (column % k);
    return flat([b, Math.floor(row / k), Math.floor(column / k), inBlock * out + c], shape);
  });
  return {
    shapes: [shape],
    op: (x) => op(x as tf.Tensor4D, k),
    reference: (x) => moved(places)(x!),
  };
}

const depthToSpace: GradientCase = {
  name: 'depthToSpace (pixel shuffle)',
  trials: shuffles.map((shuffle) => shuffleTrial(shuffle, tf.depthToSpace)),
};

const flip: GradientCase = {
  name: 'image.flipLeftRight',
  trials: [
    [1, 2, 3, 2],
    [2, 1, 4, 1],
  ].map((shape) => ({
    shapes: [shape],
    op: (x) => tf.image.flipLeftRight(x as tf.Tensor4D),
    reference: (x) =>
      moved(indices(shape).map(([b, r, k, c]) => flat([b!, r!, shape[2]! - 1 - k!, c!], shape)))(
        x!,
      ),
  })),
};

export const pictureCases: readonly GradientCase[] = [
  pooling('max', poolings),
  pooling('avg', poolings),
  {
    name: 'maxPoolWithArgmax(…).result',
    trials: poolings.flatMap(argmaxTrial),
    needs: 'MaxPoolWithArgmax',
  },
  dilatedPooling('max'),
  dilatedPooling('avg'),
  pooling3d('max'),
  pooling3d('avg'),
  ...resizing('resizeNearestNeighbor', nearestTrial),
  ...resizing('resizeBilinear', bilinearTrial),
  padding('pad', tf.pad, (i, n) => (i >= 0 && i < n ? i : undefined)),
  mirrored('reflect'),
  mirrored('symmetric'),
  depthToSpace,
  flip,
];
