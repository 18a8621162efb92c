import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { BACKEND_NAME } from '../kernels/kernel';
import { Cases, check, checkGradient, onEverySetting, type Plain, run } from './cases';

interface Resize {
  readonly x: number[];
  readonly size: [number, number];
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

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
    ...cases.pick([
      { alignCorners: false, halfPixelCenters: false },
      { alignCorners: true, halfPixelCenters: false },
      { alignCorners: false, halfPixelCenters: true },
    ]),
  }));
}

function resized(kind: 'nearest' | 'bilinear', x: tf.Tensor, resize: Resize): tf.Tensor {
  const { size, alignCorners, halfPixelCenters } = resize;
  const op = kind === 'nearest' ? tf.image.resizeNearestNeighbor : tf.image.resizeBilinear;
  return op(x as tf.Tensor4D, size, alignCorners, halfPixelCenters);
}

/** The pixels along one axis that pixel i of `to` is made of, with their weights. */
function sources(
  kind: 'nearest' | 'bilinear',
  i: number,
  from: number,
  to: number,
  { alignCorners, halfPixelCenters }: Resize,
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
function reference(kind: 'nearest' | 'bilinear', resize: Resize, x: ArrayLike<number>): number[] {
  const [batch, h, w, channels] = resize.x as [number, number, number, number];
  const [newH, newW] = resize.size;
  const y: number[] = [];
  for (let image = 0; image < batch; image++) {
    for (let row = 0; row < newH; row++) {
      for (let column = 0; column < newW; column++) {
        for (let c = 0; c < channels; c++) {
          let sum = 0;
          for (const [r, down] of sources(kind, row, h, newH, resize)) {
            for (const [s, across] of sources(kind, column, w, newW, resize)) {
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

const KINDS = ['nearest', 'bilinear'] as const;

onEverySetting(() => {
  it('pictures', () => {
    const cases = new Cases(113);
    for (const resize of resizes(1, 100, 9)) {
      const x = cases.tensor(resize.x);
      check([x], (v) => KINDS.map((kind) => resized(kind, v!, resize)), 1e-6, 1e-6);
    }
  });

  it('NaN, infinities, denormals and signed zeros', () => {
    const cases = new Cases(127);
    for (const resize of resizes(2, 60, 6)) {
      const x = cases.special(resize.x);
      check([x], (v) => KINDS.map((kind) => resized(kind, v!, resize)), 1e-6, 1e-6);
    }
  });

  it('int32 pictures by the nearest neighbour', () => {
    const values = Int32Array.from({ length: 12 }, (_, i) => 16777217 * (i - 5));
    const x: Plain = { shape: [1, 2, 2, 3], values, dtype: 'int32' };
    const [y] = run(BACKEND_NAME, [x], (v) =>
      tf.image.resizeNearestNeighbor(v as tf.Tensor4D, [2, 4]),
    );
    expect(y!.dtype).toBe('int32');
    expect([...y!.values.slice(0, 6)]).toEqual([0, 1, 2, 0, 1, 2].map((i) => values[i]));
  });

  it('no pictures', () => {
    const x: Plain = { shape: [0, 2, 2, 3], values: new Float32Array(0) };
    for (const op of [tf.image.resizeNearestNeighbor, tf.image.resizeBilinear]) {
      expect(run(BACKEND_NAME, [x], (v) => op(v as tf.Tensor4D, [4, 4]))[0]!.shape).toEqual([
        0, 4, 4, 3,
      ]);
    }
  });

  for (const kind of KINDS) {
    it(`gradient, ${kind}, several pictures`, () => {
      const cases = new Cases(131);
      for (const resize of resizes(3, 30, 4)) {
        const small = { ...resize, x: [...resize.x.slice(0, 3), Math.min(5, resize.x[3]!)] };
        checkGradient(
          cases.tensor(small.x),
          (v) => resized(kind, v, small),
          (values) => reference(kind, small, values),
        );
      }
    });
  }

  it('gradient of many channels', () => {
    const cases = new Cases(137);
    for (const kind of KINDS) {
      const resize: Resize = {
        x: [1, 2, 2, 37],
        size: [3, 2],
        alignCorners: false,
        halfPixelCenters: false,
      };
      checkGradient(
        cases.tensor(resize.x),
        (v) => resized(kind, v, resize),
        (values) => reference(kind, resize, values),
      );
    }
  });
});
