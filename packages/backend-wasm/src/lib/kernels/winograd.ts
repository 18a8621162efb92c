import type * as tf from '@tensorflow/tfjs';
import type { WasmBackend } from '../backend';
import { setGeometry } from './geometry';

type ConvInfo = tf.backend_util.Conv2DInfo;

/** Values of a tile along an axis, and products of a tile: see assembly/winograd.ts. */
const SIDE = 5;
const POINTS = SIDE * SIDE;
/** Memory for the matrices of the tiles that are computed at once: about what caches hold. */
const MATRICES_BYTES = 2 ** 22;

/** Multiplications that take as long as transforming a value of a filter, or of a tile (measured). */
const FILTER_COST = 24;
const TILE_COST = 16;
/** Largest {@link WinogradPlan.cost} that is worth it. */
const WORTH = 0.85;

/** Along an axis, the taps of a convolution of stride 1 that is part of one of any stride. */
interface Phase {
  readonly taps: number;
  /** Number of its first tap within the filter. */
  readonly first: number;
  /** Index in the big picture of what its plane begins with. */
  readonly big: number;
  /** Index in the small picture of what its plane begins with. */
  readonly small: number;
  /** Big pixels of it. */
  readonly size: number;
}

type Axis = readonly Phase[];

/** A convolution as a sum (its input gradient: as parts) of some of stride 1 and at most r×r taps. */
export interface WinogradPlan {
  readonly info: ConvInfo;
  /** r. */
  readonly taps: number;
  /** Outputs of a tile along an axis. */
  readonly size: number;
  readonly phases: readonly { readonly down: Phase; readonly across: Phase }[];
  /** Time, as a share of what the direct computation takes. */
  readonly cost: number;
}

/** The plan, if it is faster than the direct computation. */
export function worthwhile(plan: WinogradPlan | undefined): WinogradPlan | undefined {
  return plan && plan.cost < WORTH ? plan : undefined;
}

/** How to compute `small = big * filter`, and its filter's gradient, where that is possible. */
export function forwardPlan(info: ConvInfo): WinogradPlan | undefined {
  const { strideHeight, strideWidth, padInfo } = info;
  const plan = planOf(
    info,
    forwardAxis(info.filterHeight, strideHeight, padInfo.top),
    forwardAxis(info.filterWidth, strideWidth, padInfo.left),
  );
  if (plan === undefined) return undefined;
  const tiles = tilesOf(plan, info.outHeight, info.outWidth).count;
  return { ...plan, cost: costOf(info, tiles, depthOf(plan), info.outChannels) };
}

/** How to compute `big = small * filterᵀ`, where that is possible. */
export function backwardInputPlan(info: ConvInfo): WinogradPlan | undefined {
  const { strideHeight, strideWidth, padInfo, inHeight, inWidth } = info;
  const plan = planOf(
    info,
    backwardAxis(info.filterHeight, strideHeight, padInfo.top, inHeight),
    backwardAxis(info.filterWidth, strideWidth, padInfo.left, inWidth),
  );
  if (plan === undefined) return undefined;
  const { down, across } = plan.phases[0]!;
  const tiles = tilesOf(plan, down.size, across.size).count;
  const ofPhase = costOf(info, tiles, info.outChannels, info.inChannels);
  return { ...plan, cost: plan.phases.length * ofPhase };
}

type Division = Omit<WinogradPlan, 'cost'>;

function planOf(info: ConvInfo, down: Axis, across: Axis): Division | undefined {
  const { inChannels, outChannels, dilationHeight, dilationWidth } = info;
  const taps = Math.max(...down.map((one) => one.taps));
  const suits =
    info.strideHeight === info.strideWidth &&
    inChannels % 4 === 0 &&
    outChannels % 4 === 0 &&
    dilationHeight === 1 &&
    dilationWidth === 1 &&
    (taps === 2 || taps === 3) &&
    Math.max(...across.map((one) => one.taps)) === taps &&
    [...down, ...across].every((one) => one.taps > 0);
  if (!suits) return undefined;
  const phases = down.flatMap((d) => across.map((a) => ({ down: d, across: a })));
  return { info, taps, size: SIDE + 1 - taps, phases };
}

/** Big pixel stride·i + k − pad meets small pixel i at tap k: phases are of k. */
function forwardAxis(kernel: number, stride: number, pad: number): Axis {
  return Array.from({ length: stride }, (_, p) => ({
    taps: Math.ceil((kernel - p) / stride),
    first: p,
    big: p - pad,
    small: 0,
    size: 0,
  }));
}

/** Phases are of big pixels; the taps are met in reverse. */
function backwardAxis(kernel: number, stride: number, pad: number, big: number): Axis {
  return Array.from({ length: stride }, (_, p) => {
    const first = (p + pad) % stride;
    const taps = Math.ceil((kernel - first) / stride);
    return {
      taps,
      first,
      big: p,
      small: (p + pad - first) / stride - taps + 1,
      size: Math.ceil((big - p) / stride),
    };
  });
}

interface Tiles {
  readonly down: number;
  readonly across: number;
  /** Of all pictures. */
  readonly count: number;
}

function tilesOf({ info, size }: Division, height: number, width: number): Tiles {
  const [down, across] = [Math.ceil(height / size), Math.ceil(width / size)];
  return { down, across, count: info.batchSize * down * across };
}

/** Rows of the matrices of the forward pass: all phases' input channels. */
function depthOf({ info, phases }: Division): number {
  return phases.length * info.inChannels;
}

/** Time of products of [tiles, depth] and [depth, n], with all transforms, as in {@link WinogradPlan}. */
function costOf(info: ConvInfo, tiles: number, depth: number, n: number): number {
  const { filterHeight, filterWidth, inChannels, outChannels } = info;
  const pixels = info.batchSize * info.outHeight * info.outWidth;
  const direct = pixels * filterHeight * filterWidth * inChannels * outChannels;
  const transforms = FILTER_COST * depth * n + TILE_COST * tiles * (depth + n);
  return (POINTS * (tiles * depth * n + transforms)) / direct;
}

/** y = act(x * filter + bias). */
export function winogradForward(
  backend: WasmBackend,
  plan: WinogradPlan,
  { x, filter, y, bias }: Record<'x' | 'filter' | 'y' | 'bias', number>,
  { activation, alpha }: { readonly activation: number; readonly alpha: number },
): void {
  const { wasm } = backend;
  const { inChannels, outChannels: n, filterHeight, filterWidth, outHeight, outWidth } = plan.info;
  const rows = filterHeight * filterWidth * inChannels;
  const depth = depthOf(plan);
  backend.withWorkspace(POINTS * wasm.packedBytes(depth, n), (matrices) => {
    backend.withWorkspace(wasm.packedBytes(rows, n), (packed) => {
      wasm.packB(packed, filter, rows, n, n, 1);
      plan.phases.forEach((_, i) => {
        setTaps(backend, plan, i);
        wasm.winogradFilter(packed, matrices, rows * 32, inChannels, depth, i * inChannels, n);
      });
    });
    inChunks(backend, tilesOf(plan, outHeight, outWidth), [depth, n], (chunk, [v, products]) => {
      transformInput(backend, plan, chunk, x, v);
      wasm.matMulRows(v, matrices, products, 0, chunk.count, depth, n, depth, 0, 0, POINTS);
      setSmallPlane(backend, plan, chunk);
      wasm.winogradOutput(products, y, bias, activation, alpha);
    });
  });
}

/** dx = dy * filterᵀ, one phase of dx after the other. */
export function winogradBackwardInput(
  backend: WasmBackend,
  plan: WinogradPlan,
  { dy, filter, dx }: Record<'dy' | 'filter' | 'dx', number>,
): void {
  const { wasm } = backend;
  const { inChannels: n, outChannels: depth, filterHeight, filterWidth } = plan.info;
  const { inHeight, inWidth, outHeight, outWidth, strideHeight } = plan.info;
  backend.withWorkspace(wasm.packedBytes(filterHeight * filterWidth * depth, n), (packed) => {
    backend.withWorkspace(POINTS * wasm.packedBytes(depth, n), (matrices) => {
      setGeometry(backend, plan.info);
      wasm.packTransposedFilter(filter, packed);
      let ofPhase = packed;
      for (const { down, across } of plan.phases) {
        const taps = down.taps * across.taps;
        wasm.winogradTaps(plan.taps, taps - 1, -across.taps, -1, down.taps, across.taps);
        wasm.winogradFilter(ofPhase, matrices, taps * depth * 32, depth, depth, 0, n);
        ofPhase += wasm.packedBytes(taps * depth, n);
        const tiles = tilesOf(plan, down.size, across.size);
        inChunks(backend, tiles, [depth, n], (chunk, [v, products]) => {
          const small = [outHeight, outWidth, depth, 1, down.small, across.small] as const;
          wasm.winogradPlane(...small, ...tileArguments(plan, chunk));
          wasm.winogradInput(dy, v, depth, 0);
          wasm.matMulRows(v, matrices, products, 0, chunk.count, depth, n, depth, 0, 0, POINTS);
          const big = [inHeight, inWidth, n, strideHeight, down.big, across.big] as const;
          wasm.winogradPlane(...big, ...tileArguments(plan, chunk));
          wasm.winogradOutput(products, dx, 0, 0, 0);
        });
      }
    });
  });
}

/** dw = xᵀ * dy. */
export function winogradBackwardFilter(
  backend: WasmBackend,
  plan: WinogradPlan,
  { x, dy, dw }: Record<'x' | 'dy' | 'dw', number>,
): void {
  const { wasm } = backend;
  const { inChannels, outChannels: n, outHeight, outWidth } = plan.info;
  const depth = depthOf(plan);
  backend.withWorkspace(POINTS * depth * n * 4, (products) => {
    const tiles = tilesOf(plan, outHeight, outWidth);
    inChunks(backend, tiles, [depth, 8 * Math.ceil(n / 8)], (chunk, [v, packed]) => {
      transformInput(backend, plan, chunk, x, v);
      setSmallPlane(backend, plan, chunk);
      wasm.winogradGradient(dy, packed);
      const onto = chunk.first > 0;
      wasm.matMulColumns(v, packed, products, depth, chunk.count, n, depth, POINTS, onto);
    });
    plan.phases.forEach((_, i) => {
      setTaps(backend, plan, i);
      wasm.winogradFilterGradient(products, dw, inChannels, depth, i * inChannels, n);
    });
  });
}

/** Some tiles of all. */
interface Chunk extends Tiles {
  readonly first: number;
}

/** Lends matrices of these widths for the tiles of each chunk. */
function inChunks(
  backend: WasmBackend,
  tiles: Tiles,
  [left, right]: readonly [number, number],
  compute: (chunk: Chunk, matrices: readonly [number, number]) => void,
): void {
  const bytes = POINTS * 4;
  const most = Math.max(1, Math.floor(MATRICES_BYTES / (bytes * (left + right))));
  const chunks = Math.ceil(tiles.count / most);
  const each = Math.ceil(tiles.count / chunks);
  backend.withWorkspace(bytes * each * left, (a) => {
    backend.withWorkspace(bytes * each * right, (b) => {
      for (let first = 0; first < tiles.count; first += each) {
        compute({ ...tiles, first, count: Math.min(each, tiles.count - first) }, [a, b]);
      }
    });
  });
}

function tileArguments({ size }: WinogradPlan, { down, across, first, count }: Chunk) {
  return [down, across, size, first, count] as const;
}

function setSmallPlane(backend: WasmBackend, plan: WinogradPlan, chunk: Chunk): void {
  const { outHeight, outWidth, outChannels } = plan.info;
  const small = [outHeight, outWidth, outChannels, 1, 0, 0] as const;
  backend.wasm.winogradPlane(...small, ...tileArguments(plan, chunk));
}

/** The matrices of x, the phases' channels side by side. */
function transformInput(
  backend: WasmBackend,
  plan: WinogradPlan,
  chunk: Chunk,
  x: number,
  matrices: number,
): void {
  const { inHeight, inWidth, inChannels, strideHeight } = plan.info;
  plan.phases.forEach(({ down, across }, i) => {
    const big = [inHeight, inWidth, inChannels, strideHeight, down.big, across.big] as const;
    backend.wasm.winogradPlane(...big, ...tileArguments(plan, chunk));
    backend.wasm.winogradInput(x, matrices, depthOf(plan), i * inChannels);
  });
}

/** The taps of a phase of the forward pass, within the filter. */
function setTaps(backend: WasmBackend, { info, taps, phases }: WinogradPlan, i: number): void {
  const { filterWidth, strideHeight } = info;
  const { down, across } = phases[i]!;
  backend.wasm.winogradTaps(
    taps,
    down.first * filterWidth + across.first,
    strideHeight * filterWidth,
    strideHeight,
    down.taps,
    across.taps,
  );
}
