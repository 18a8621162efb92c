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

/** Along an axis, one of the convolutions of stride 1 that make up one of any stride. */
interface Phase {
  readonly taps: number;
  /** Where the plane of its big pixels, and that of its small ones, begins in the picture. */
  readonly big: number;
  readonly small: number;
}

type Axis = readonly Phase[];

interface PlanePhase {
  readonly down: Phase;
  readonly across: Phase;
}

/** A convolution as a sum (its input gradient: as parts) of some of stride 1 and at most r×r taps. */
export interface WinogradPlan {
  readonly info: ConvInfo;
  /** r. */
  readonly taps: number;
  /** Outputs of a tile along an axis. */
  readonly size: number;
  readonly phases: readonly PlanePhase[];
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
  const { strideHeight, strideWidth, padInfo } = info;
  const plan = planOf(
    info,
    backwardAxis(info.filterHeight, strideHeight, padInfo.top),
    backwardAxis(info.filterWidth, strideWidth, padInfo.left),
  );
  if (plan === undefined) return undefined;
  const tiles = tilesOfPhase(plan, plan.phases[0]!).count;
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
    big: p - pad,
    small: 0,
  }));
}

/** Phases are of big pixels; the taps are met in reverse. */
function backwardAxis(kernel: number, stride: number, pad: number): Axis {
  return Array.from({ length: stride }, (_, p) => {
    const first = (p + pad) % stride;
    const taps = Math.ceil((kernel - first) / stride);
    return { taps, big: p, small: (p + pad - first) / stride - taps + 1 };
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

/** The tiles of the big pixels of a phase. */
function tilesOfPhase(plan: Division, { down, across }: PlanePhase): Tiles {
  const { inHeight, inWidth, strideHeight, strideWidth } = plan.info;
  const height = Math.ceil((inHeight - down.big) / strideHeight);
  return tilesOf(plan, height, Math.ceil((inWidth - across.big) / strideWidth));
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

/** y = act(x * filter + bias); all by their addresses, `bias` 0 for none. */
export function winogradForward(
  backend: WasmBackend,
  plan: WinogradPlan,
  x: number,
  filter: number,
  y: number,
  bias: number,
  { activation, alpha }: { readonly activation: number; readonly alpha: number },
): void {
  const { wasm } = backend;
  const { inChannels, outChannels: n, filterHeight, filterWidth, outHeight, outWidth } = plan.info;
  const rows = filterHeight * filterWidth * inChannels;
  const depth = depthOf(plan);
  backend.withWorkspace(POINTS * wasm.packedBytes(depth, n), (matrices) => {
    backend.withWorkspace(wasm.packedBytes(rows, n), (packed) => {
      wasm.packB(packed, filter, rows, n, n, 1);
      plan.phases.forEach((phase, i) => {
        setTaps(backend, plan, phase);
        wasm.winogradFilter(packed, matrices, rows * 32, inChannels, depth, i * inChannels, n);
      });
    });
    const tiles = tilesOf(plan, outHeight, outWidth);
    inChunks(backend, tiles, [depth, n], (chunk, [inputs, products]) => {
      transformInput(backend, plan, chunk, x, inputs);
      wasm.matMulRows(inputs, matrices, products, 0, chunk.count, depth, n, depth, 0, 0, POINTS);
      setSmallPlane(backend, plan, plan.phases[0]!, chunk);
      wasm.winogradOutput(products, y, bias, activation, alpha);
    });
  });
}

/** dx = dy * filterᵀ, one phase of dx after the other; all by their addresses. */
export function winogradBackwardInput(
  backend: WasmBackend,
  plan: WinogradPlan,
  dy: number,
  filter: number,
  dx: number,
): void {
  const { wasm } = backend;
  const { inChannels: n, outChannels: depth, filterHeight, filterWidth } = plan.info;
  backend.withWorkspace(wasm.packedBytes(filterHeight * filterWidth * depth, n), (packed) => {
    backend.withWorkspace(POINTS * wasm.packedBytes(depth, n), (matrices) => {
      setGeometry(backend, plan.info);
      wasm.packTransposedFilter(filter, packed);
      let ofPhase = packed;
      for (const phase of plan.phases) {
        const { down, across } = phase;
        const taps = down.taps * across.taps;
        wasm.winogradTaps(plan.taps, taps - 1, -across.taps, -1, down.taps, across.taps);
        wasm.winogradFilter(ofPhase, matrices, taps * depth * 32, depth, depth, 0, n);
        ofPhase += wasm.packedBytes(taps * depth, n);
        const tiles = tilesOfPhase(plan, phase);
        inChunks(backend, tiles, [depth, n], (chunk, [inputs, products]) => {
          setSmallPlane(backend, plan, phase, chunk);
          wasm.winogradInput(dy, inputs, depth, 0);
          const rows = chunk.count;
          wasm.matMulRows(inputs, matrices, products, 0, rows, depth, n, depth, 0, 0, POINTS);
          setBigPlane(backend, plan, phase, chunk);
          wasm.winogradOutput(products, dx, 0, 0, 0);
        });
      }
    });
  });
}

/** dw = xᵀ * dy; all by their addresses. */
export function winogradBackwardFilter(
  backend: WasmBackend,
  plan: WinogradPlan,
  x: number,
  dy: number,
  dw: number,
): void {
  const { wasm } = backend;
  const { inChannels, outChannels: n, outHeight, outWidth } = plan.info;
  const depth = depthOf(plan);
  backend.withWorkspace(POINTS * depth * n * 4, (products) => {
    const tiles = tilesOf(plan, outHeight, outWidth);
    inChunks(backend, tiles, [depth, 8 * Math.ceil(n / 8)], (chunk, [inputs, packed]) => {
      transformInput(backend, plan, chunk, x, inputs);
      setSmallPlane(backend, plan, plan.phases[0]!, chunk);
      wasm.winogradGradient(dy, packed);
      const onto = chunk.first > 0;
      wasm.matMulColumns(inputs, packed, products, depth, chunk.count, n, depth, POINTS, onto);
    });
    plan.phases.forEach((phase, i) => {
      setTaps(backend, plan, phase);
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

/** The big pixels of a phase are what the next job reads or writes. */
function setBigPlane(
  { wasm }: WasmBackend,
  { info, size }: WinogradPlan,
  { down, across }: PlanePhase,
  { down: tilesH, across: tilesW, first, count }: Chunk,
): void {
  const { inHeight, inWidth, inChannels, strideHeight } = info;
  const plane = [inHeight, inWidth, inChannels, strideHeight, down.big, across.big] as const;
  wasm.winogradPlane(...plane, tilesH, tilesW, size, first, count);
}

/** The small pixels of a phase are. */
function setSmallPlane(
  { wasm }: WasmBackend,
  { info, size }: WinogradPlan,
  { down, across }: PlanePhase,
  { down: tilesH, across: tilesW, first, count }: Chunk,
): void {
  const { outHeight, outWidth, outChannels } = info;
  const plane = [outHeight, outWidth, outChannels, 1, down.small, across.small] as const;
  wasm.winogradPlane(...plane, tilesH, tilesW, size, first, count);
}

/** The matrices of x, the phases' channels side by side. */
function transformInput(
  backend: WasmBackend,
  plan: WinogradPlan,
  chunk: Chunk,
  x: number,
  matrices: number,
): void {
  plan.phases.forEach((phase, i) => {
    setBigPlane(backend, plan, phase, chunk);
    backend.wasm.winogradInput(x, matrices, depthOf(plan), i * plan.info.inChannels);
  });
}

/** The taps of a phase of the forward pass, within the filter. */
function setTaps(
  { wasm }: WasmBackend,
  { info, taps }: WinogradPlan,
  { down, across }: PlanePhase,
): void {
  const { filterWidth, strideHeight, padInfo } = info;
  const start = (down.big + padInfo.top) * filterWidth + across.big + padInfo.left;
  wasm.winogradTaps(taps, start, strideHeight * filterWidth, strideHeight, down.taps, across.taps);
}
