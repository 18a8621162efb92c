import * as tf from '@tensorflow/tfjs';
import type { ConformanceCase, ConformanceTest, Op } from '../conformance-case';
import { gradientCase } from '../gradient-case';
import { Cases, plain } from '../seeded-cases';

/** What is in the same place before and after. */
interface Setting {
  readonly by: 'edges' | 'corners' | 'centers';
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

const EDGES: Setting = { by: 'edges', alignCorners: false, halfPixelCenters: false };
const CORNERS: Setting = { by: 'corners', alignCorners: true, halfPixelCenters: false };
const CENTERS: Setting = { by: 'centers', alignCorners: false, halfPixelCenters: true };

interface Resize {
  readonly x: number[];
  readonly size: [number, number];
  readonly setting: Setting;
}

type Kind = 'nearest' | 'bilinear';

const KINDS = ['nearest', 'bilinear'] as const;

function resizes(seed: number, count: number, most: number): Resize[] {
  const cases = new Cases(seed);
  return Array.from({ length: count }, () => ({
    x: [
      cases.integer(1, 3),
      cases.integer(1, most),
      cases.integer(1, most),
      cases.pick([1, 3, 4, 7, 34]),
    ],
    size: [cases.integer(1, most), cases.integer(1, most)] as [number, number],
    setting: cases.pick([EDGES, CORNERS, CENTERS]),
  }));
}

function resized(kind: Kind, x: tf.Tensor, resize: Resize): tf.Tensor {
  const { size, setting } = resize;
  const op = kind === 'nearest' ? tf.image.resizeNearestNeighbor : tf.image.resizeBilinear;
  return op(x as tf.Tensor4D, size, setting.alignCorners, setting.halfPixelCenters);
}

/** The pixels along one axis that pixel i of `to` is made of, with their weights. */
function sources(
  kind: Kind,
  i: number,
  from: number,
  to: number,
  { alignCorners, halfPixelCenters }: Setting,
): [pixel: number, weight: number][] {
  const scale = alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
  const within = (pixel: number) => Math.min(Math.max(pixel, 0), from - 1);
  if (kind === 'nearest') {
    const place = scale * (halfPixelCenters ? i + 0.5 : i);
    return [[within(alignCorners ? Math.round(place) : Math.floor(place)), 1]];
  }
  const place = halfPixelCenters ? scale * (i + 0.5) - 0.5 : scale * i;
  const fraction = place - Math.floor(place);
  return [
    [within(Math.floor(place)), 1 - fraction],
    [within(Math.floor(place) + 1), fraction],
  ];
}

/** The resized picture in float64. */
function exactly(kind: Kind, resize: Resize, x: ArrayLike<number>): number[] {
  const [batch, h, w, channels] = resize.x as [number, number, number, number];
  const [newH, newW] = resize.size;
  const y: number[] = [];
  for (let image = 0; image < batch; image++) {
    for (let row = 0; row < newH; row++) {
      for (let column = 0; column < newW; column++) {
        for (let c = 0; c < channels; c++) {
          let sum = 0;
          for (const [r, down] of sources(kind, row, h, newH, resize.setting)) {
            for (const [s, across] of sources(kind, column, w, newW, resize.setting)) {
              sum += down * across * x[((image * h + r) * w + s) * channels + c]!;
            }
          }
          y.push(sum);
        }
      }
    }
  }
  return y;
}

const gradientOf = (kind: Kind, resize: Resize, cases: Cases): ConformanceCase =>
  gradientCase(
    cases.tensor(resize.x),
    (v) => resized(kind, v, resize),
    (values) => exactly(kind, resize, values),
  );

const perKind = KINDS.flatMap((kind): ConformanceTest[] => [
  {
    name: `resizing, ${kind}`,
    *cases() {
      const cases = new Cases(113);
      for (const resize of resizes(1, 100, 9)) {
        const op: Op = (v) => resized(kind, v!, resize);
        yield { inputs: [cases.tensor(resize.x)], op, rtol: 1e-6, atol: 1e-6 };
      }
    },
  },
  {
    name: `resizing of NaN, infinities, denormals and signed zeros, ${kind}`,
    *cases() {
      const cases = new Cases(127);
      for (const resize of resizes(2, 60, 6)) {
        const op: Op = (v) => resized(kind, v!, resize);
        yield { inputs: [cases.special(resize.x)], op, rtol: 1e-6, atol: 1e-6 };
      }
    },
  },
  {
    name: `resizing of no pictures, ${kind}`,
    cases: () => {
      const x = [0, 2, 2, 3];
      const resize: Resize = { x, size: [4, 4], setting: EDGES };
      return [
        {
          inputs: [plain(x, [])],
          op: (v) => resized(kind, v!, resize),
          reference: () => tf.zeros([0, 4, 4, 3]),
        },
      ];
    },
  },
  ...[EDGES, CORNERS, CENTERS].map((setting): ConformanceTest => ({
    name: `gradient of resizing by ${setting.by}, ${kind}, of several pictures`,
    *cases() {
      const cases = new Cases(131);
      for (const resize of resizes(3, 30, 4)) {
        const x = [...resize.x.slice(0, 3), Math.min(5, resize.x[3]!)];
        const gradient = gradientOf(kind, { ...resize, x }, cases);
        if (resize.setting === setting) yield gradient;
      }
    },
  })),
  {
    name: `gradient of resizing, ${kind}, of many channels`,
    cases: () => {
      const resize: Resize = { x: [1, 2, 2, 37], size: [3, 2], setting: EDGES };
      return [gradientOf(kind, resize, new Cases(137))];
    },
  },
]);

export const resizeTests: readonly ConformanceTest[] = [
  ...perKind,
  {
    name: 'resizing of int32 pictures, nearest',
    cases: () => {
      const values = Array.from({ length: 12 }, (_, i) => 16777217 * (i - 5));
      const doubled = [0, 0, 1, 1, 2, 2, 3, 3].flatMap((pixel) =>
        values.slice(3 * pixel, 3 * pixel + 3),
      );
      return [
        {
          inputs: [plain([1, 2, 2, 3], values, 'int32')],
          op: (v) => tf.image.resizeNearestNeighbor(v as tf.Tensor4D, [2, 4]),
          reference: () => tf.tensor(doubled, [1, 2, 4, 3], 'int32'),
          rtol: 0,
          atol: 0,
        },
      ];
    },
  },
];
