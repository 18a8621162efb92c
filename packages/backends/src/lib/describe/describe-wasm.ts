import { type BackendDescription, notAvailable } from './backend-description';

/** The backend in the box takes no more. */
const MAX_THREADS = 16;

// Modules of one function: `i8x16.popcnt` of a splat, and `i8x16.relaxed_swizzle` of two.
const moduleOf = (body: readonly number[]): Uint8Array<ArrayBuffer> => {
  const code = [0, ...body, 0x0b];
  return Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, 5, 1, 0x60, 0, 1, 0x7b],
    ...[3, 2, 1, 0],
    ...[10, code.length + 2, 1, code.length, ...code],
  );
};
const SIMD = moduleOf([0x41, 0, 0xfd, 15, 0xfd, 98]);
const RELAXED_SIMD = moduleOf([0x41, 1, 0xfd, 15, 0x41, 2, 0xfd, 15, 0xfd, 0x80, 2]);

/** WebAssembly, of this engine. */
export async function describeWasm(): Promise<BackendDescription> {
  if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(SIMD)) {
    return notAvailable({
      missing: 'this engine has no WebAssembly with SIMD',
      remedy: 'use Node 20.19 or newer, or a browser of 2023 or newer',
    });
  }
  const relaxed = await isRelaxed();
  const threads = Math.min(await cores(), MAX_THREADS);
  const description = {
    isAvailable: true,
    device: `WebAssembly, ${relaxed ? 'relaxed SIMD' : 'SIMD'}`,
    simd: { bits: 128, relaxed },
    trains: true,
  };
  const isPage = typeof process === 'undefined';
  if (isPage && (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated !== true) {
    const note =
      'one thread, as the page is not cross-origin isolated: serve it with the headers ' +
      'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp';
    return { ...description, threads: 1, note };
  }
  return { ...description, threads };
}

async function isRelaxed(): Promise<boolean> {
  if (WebAssembly.validate(RELAXED_SIMD)) return true;
  if (typeof process === 'undefined') return false;
  // Node 20 has it behind a flag, which the backend sets too. In a variable, so that bundlers leave it alone.
  const name = 'node:v8';
  const { setFlagsFromString } = (await import(name)) as typeof import('node:v8');
  setFlagsFromString('--experimental-wasm-relaxed-simd');
  return WebAssembly.validate(RELAXED_SIMD);
}

async function cores(): Promise<number> {
  if (typeof process === 'undefined') return globalThis.navigator?.hardwareConcurrency ?? 1;
  const name = 'node:os';
  const { availableParallelism } = (await import(name)) as typeof import('node:os');
  return availableParallelism();
}
