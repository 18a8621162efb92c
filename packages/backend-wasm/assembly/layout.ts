// Fixed addresses below the module's own data. The script that compiles the module sets its memory base to
// HEAP_BASE, so that a worker which instantiates the module later never rewrites what lies below.

/** Thread pool state, a cache line per word that threads contend for. */
export const POOL: usize = 1024;
/** Arguments of the running job, read by its tasks. */
export const ARGS: usize = 2048;
/** Dimensions and strides, written by the caller before a strided job. */
export const DIMS: usize = 4096;
/** A page of zeros that stands for pixels outside a picture. Never written. */
export const ZEROS: usize = 65536;
export const ZEROS_BYTES: usize = 65536;
/** Each thread's scratch memory starts at `scratch`, set when the thread starts. */
export let scratch: usize = 0;

export const SCRATCH_TABLE: usize = 0;
export const SCRATCH_TABLE_BYTES: usize = 65536;
export const SCRATCH_PACK: usize = 65536;
export const SCRATCH_PACK_BYTES: usize = 131072;
export const SCRATCH_TILE: usize = 196608;
export const SCRATCH_BYTES: usize = 200704;

export function setScratch(address: usize): void {
  scratch = address;
}

export function scratchBytes(): usize {
  return SCRATCH_BYTES;
}

// @ts-expect-error: AssemblyScript decorator
@inline
export function arg(i: usize): i32 {
  return load<i32>(ARGS + (i << 2));
}

// @ts-expect-error: AssemblyScript decorator
@inline
export function argF(i: usize): f32 {
  return load<f32>(ARGS + (i << 2));
}

// @ts-expect-error: AssemblyScript decorator
@inline
export function argP(i: usize): usize {
  return <usize>load<u32>(ARGS + (i << 2));
}

// @ts-expect-error: AssemblyScript decorator
@inline
export function setArg(i: usize, value: i32): void {
  store<i32>(ARGS + (i << 2), value);
}

// @ts-expect-error: AssemblyScript decorator
@inline
export function setArgF(i: usize, value: f32): void {
  store<f32>(ARGS + (i << 2), value);
}
