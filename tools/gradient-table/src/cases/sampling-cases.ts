import * as tf from '@tensorflow/tfjs';
import type { GradientCase, Trial } from '../gradient-case';
import { flat, indices, total, windows } from '../references';

type Shape4 = readonly [number, number, number, number];
type Values = ArrayLike<number>;

/** What is at a whole position of a picture of a batch, `fill` outside. */
const reader = (shape: Shape4, image: Values, fill: number) => {
  const [, height, width] = shape;
  return (b: number, y: number, x: number, c: number) =>
    y < 0 || y >= height || x < 0 || x >= width ? fill : image[flat([b, y, x, c], shape)]!;
};

type Read = ReturnType<typeof reader>;

const nearest = (read: Read, b: number, y: number, x: number, c: number) =>
  read(b, Math.round(y), Math.round(x), c);

const bilinear = (read: Read, b: number, y: number, x: number, c: number) => {
  const [top, left] = [Math.floor(y), Math.floor(x)];
  const [down, across] = [y - top, x - left];
  return total(
    [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ].map(
      ([i, j]) =>
        (i === 0 ? 1 - down : down) *
        (j === 0 ? 1 - across : across) *
        read(b, top + i!, left + j!, c),
    ),
  );
};

interface Crop {
  readonly shape: Shape4;
  readonly size: [number, number];
  /** Middles of the corners `[y1, x1, y2, x2]` of each box. */
  readonly boxes: readonly number[][];
  readonly of: readonly number[];
}

/** Of whole boxes, of a single row, and of boxes that reach out of the picture or are turned over. */
const crops: readonly Crop[] = [
  {
    shape: [2, 4, 5, 2],
    size: [3, 2],
    boxes: [
      [0.22, 0.27, 0.81, 0.74],
      [0.31, 0.13, 0.57, 0.88],
    ],
    of: [1, 0],
  },
  { shape: [1, 3, 4, 1], size: [1, 4], boxes: [[0.23, 0.31, 0.59, 0.77]], of: [0] },
  {
    shape: [1, 4, 3, 2],
    size: [4, 3],
    boxes: [
      [0.21, -0.3, 1.4, 0.83],
      [0.84, 0.71, 0.13, 0.22],
    ],
    of: [0, 0],
  },
];

const outside = 0.3;

/** By the boxes too where they are cut bilinearly, which moves them a little. */
function crop({ shape, size, boxes, of }: Crop, method: 'bilinear' | 'nearest'): Trial {
  const byBoxes = method === 'bilinear';
  const count = boxes.length;
  const [, height, width, channels] = shape;
  const moved = (by: Values | undefined) =>
    boxes.map((box, n) => box.map((v, i) => v + 0.02 * (by?.[4 * n + i] ?? 0)));
  const position = (from: number, to: number, i: number, steps: number, pixels: number) =>
    (pixels - 1) * (steps > 1 ? from + ((to - from) * i) / (steps - 1) : (from + to) / 2);
  return {
    shapes: byBoxes ? [shape, [count, 4]] : [shape],
    op: (image, by) => {
      const middles = tf.tensor2d(boxes.flat(), [count, 4]);
      const all = by === undefined ? middles : tf.add(middles, tf.mul(0.02, by));
      const at = tf.tensor1d([...of], 'int32');
      return tf.image.cropAndResize(
        image as tf.Tensor4D,
        all as tf.Tensor2D,
        at,
        size,
        method,
        outside,
      );
    },
    reference: (image, by) => {
      const read = reader(shape, image!, outside);
      const all = moved(by);
      return indices([count, ...size, channels]).map(([n, i, j, c]) => {
        const [y1, x1, y2, x2] = all[n!]! as [number, number, number, number];
        const y = position(y1, y2, i!, size[0], height);
        const x = position(x1, x2, j!, size[1], width);
        if (y < 0 || y > height - 1 || x < 0 || x > width - 1) return outside;
        return (byBoxes ? bilinear : nearest)(read, of[n!]!, y, x, c!);
      });
    },
  };
}

type FillMode = 'constant' | 'reflect' | 'wrap' | 'nearest';

interface Projection {
  readonly shape: Shape4;
  readonly rows: readonly number[][];
  readonly size?: [number, number];
}

/** A turn, a projection for each picture, and one beyond the borders to another size. */
const projections: readonly Projection[] = [
  { shape: [1, 3, 4, 2], rows: [[0.83, -0.41, 0.57, 0.37, 0.79, -0.23, 0, 0]] },
  {
    shape: [2, 4, 3, 1],
    rows: [
      [1.13, 0.21, -0.67, -0.11, 0.93, 0.41, 0.013, -0.021],
      [0.77, 0.33, 1.19, 0.27, 1.07, -1.31, -0.017, 0.011],
    ],
  },
  { shape: [2, 3, 4, 1], rows: [[1.71, 0.23, -1.37, 0.31, 1.83, 0.57, 0, 0]], size: [4, 2] },
];

/** Where tfjs reads a picture instead of beyond its borders. */
function inward(at: number, size: number, mode: FillMode): number {
  let to = at;
  if (mode === 'reflect') {
    // A period of the picture and its mirror image, from −½ on.
    const around = (((at < 0 ? -1 - at : at) % (2 * size)) + 2 * size) % (2 * size);
    if (at < 0 || at > size - 1) to = around >= size ? 2 * size - around - 1 : around;
  } else if (mode === 'wrap') {
    if (at < 0) to = at + size * (Math.trunc(-at / (size - 1)) + 1);
    else if (at > size - 1) to = at - size * Math.trunc(at / (size - 1));
  }
  return mode === 'constant' ? at : Math.min(size - 1, Math.max(0, to));
}

/** By the projections too where it is bilinear, which changes them a little. */
function transforming(
  { shape, rows, size }: Projection,
  interpolation: 'nearest' | 'bilinear',
  mode: FillMode,
): Trial {
  const byRows = interpolation === 'bilinear';
  const [batch, height, width, channels] = shape;
  const [outHeight, outWidth] = size ?? [height, width];
  const wrongForward = { cpu: 'it moves the first picture of a batch alone' };
  return {
    shapes: byRows ? [shape, [rows.length, 8]] : [shape],
    ...(batch > 1 && { wrongForward }),
    op: (image, by) => {
      const middles = tf.tensor2d(rows.flat(), [rows.length, 8]);
      const all = by === undefined ? middles : tf.add(middles, tf.mul(0.002, by));
      return tf.image.transform(
        image as tf.Tensor4D,
        all as tf.Tensor2D,
        interpolation,
        mode,
        outside,
        size,
      );
    },
    reference: (image, by) => {
      const read = reader(shape, image!, outside);
      const all = rows.map((row, n) => row.map((v, i) => v + 0.002 * (by?.[8 * n + i] ?? 0)));
      return indices([batch, outHeight, outWidth, channels]).map(([b, y, x, c]) => {
        const k = all[rows.length === 1 ? 0 : b!]! as [
          ...[number, number, number, number],
          ...[number, number, number, number],
        ];
        const scale = k[6] * x! + k[7] * y! + 1;
        const toX = inward((k[0] * x! + k[1] * y! + k[2]) / scale, width, mode);
        const toY = inward((k[3] * x! + k[4] * y! + k[5]) / scale, height, mode);
        return (byRows ? bilinear : nearest)(read, b!, toY, toX, c!);
      });
    },
  };
}

const transformCase = (interpolation: 'nearest' | 'bilinear', mode: FillMode): GradientCase => ({
  name:
    interpolation === 'nearest'
      ? `image.transform, nearest, ${mode}`
      : `image.transform, bilinear, ${mode}, also by its projections`,
  trials: projections.map((one) => transforming(one, interpolation, mode)),
});

const rotating = (shape: Shape4, radians: number, center: [number, number]): Trial => ({
  shapes: [shape],
  op: (image) => tf.image.rotateWithOffset(image as tf.Tensor4D, radians, outside, center),
  reference: (image) => {
    const read = reader(shape, image!, outside);
    const [middleX, middleY] = [shape[2] * center[0], shape[1] * center[1]];
    const [sine, cosine] = [Math.sin(radians), Math.cos(radians)];
    return indices(shape).map(([b, y, x, c]) => {
      const [right, down] = [x! - middleX, y! - middleY];
      const toY = right * sine + down * cosine + middleY;
      return nearest(read, b!, toY, right * cosine - down * sine + middleX, c!);
    });
  },
});

interface Dilation {
  readonly shape: Shape4;
  readonly filter: [number, number, number];
  readonly stride: number;
  readonly pad: 'same' | 'valid';
  readonly dilation?: number;
}

const dilations: readonly Dilation[] = [
  { shape: [2, 3, 4, 2], filter: [2, 2, 2], stride: 1, pad: 'valid' },
  { shape: [1, 4, 5, 1], filter: [3, 2, 1], stride: 2, pad: 'same' },
  { shape: [1, 5, 5, 2], filter: [2, 2, 2], stride: 1, pad: 'same', dilation: 2 },
  { shape: [1, 3, 1, 3], filter: [2, 1, 3], stride: 1, pad: 'valid' },
];

/** The largest of picture and filter in each window of each channel. */
const dilating = ({ shape, filter, stride, pad, dilation = 1 }: Dilation): Trial => {
  const [batch, height, width, channels] = shape;
  const seen = windows([height, width], filter.slice(0, 2), { stride, pad, dilation });
  return {
    shapes: [shape, filter],
    op: (x, f) =>
      tf.dilation2d(x as tf.Tensor4D, f as tf.Tensor3D, stride, pad, [dilation, dilation]),
    reference: (x, f) =>
      indices([batch, seen.length, channels]).map(([b, w, c]) =>
        Math.max(
          ...seen[w!]!.map(
            ({ place, tap }) =>
              x![(b! * height * width + place) * channels + c!]! + f![tap * channels + c!]!,
          ),
        ),
      ),
  };
};

export const samplingCases: readonly GradientCase[] = [
  {
    name: 'image.cropAndResize, bilinear, also by its boxes',
    trials: crops.map((one) => crop(one, 'bilinear')),
  },
  {
    name: 'image.cropAndResize, nearest',
    trials: crops.map((one) => crop(one, 'nearest')),
  },
  ...(['nearest', 'bilinear'] as const).flatMap((interpolation) =>
    (['constant', 'reflect', 'wrap', 'nearest'] as const).map((mode) =>
      transformCase(interpolation, mode),
    ),
  ),
  {
    name: 'image.rotateWithOffset',
    trials: [rotating([1, 4, 5, 2], 0.7, [0.5, 0.5]), rotating([2, 3, 4, 1], -1.9, [0.3, 0.6])],
  },
  { name: 'dilation2d, also in its filter', trials: dilations.map(dilating) },
];
