import type { WasmExports } from '../wasm-exports';

/** Row-major strides in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let d = shape.length - 2; d >= 0; d--) strides[d] = strides[d + 1]! * shape[d + 1]!;
  return strides;
}

/** Sizes with two operands' strides, for a loop over both. */
export interface Loop {
  readonly sizes: number[];
  readonly a: number[];
  readonly b: number[];
}

/** Most dimensions that a strided loop of the module takes. */
export const MAX_LOOP_RANK = 16;

/** The same loop with sizes of 1 dropped and dimensions joined that both operands walk as one. */
export function collapse({ sizes, a, b }: Loop): Loop {
  const out: Loop = { sizes: [], a: [], b: [] };
  for (let d = 0; d < sizes.length; d++) {
    const size = sizes[d]!;
    if (size === 1) continue;
    const last = out.sizes.length - 1;
    if (last >= 0 && out.a[last] === a[d]! * size && out.b[last] === b[d]! * size) {
      out.sizes[last]! *= size;
      out.a[last] = a[d]!;
      out.b[last] = b[d]!;
    } else {
      out.sizes.push(size);
      out.a.push(a[d]!);
      out.b.push(b[d]!);
    }
  }
  if (out.sizes.length === 0) return { sizes: [1], a: [1], b: [1] };
  return out;
}

/** Writes a loop to where the module's strided functions read it. */
export function writeLoop(
  wasm: WasmExports,
  memory: WebAssembly.Memory,
  { sizes, a, b }: Loop,
): void {
  const view = new Int32Array(memory.buffer, wasm.dimsAddress(), 48);
  view.set(sizes, 0);
  view.set(a, 16);
  view.set(b, 32);
}
