import { type FastKernel, sizeOf } from './kernel';

/**
 * Normals of a Philox4x32-10 stream: attributes key0, key1, position (blocks of four), shape, mean
 * and stddev. The words are those of any Philox; the transform is Box–Muller in float32.
 */
export const randomNormal: FastKernel = {
  name: 'RandomNormal',
  run({ attrs, backend }) {
    const { key0, key1, position, mean, stddev } = attrs as Record<string, number>;
    const y = backend.output(attrs['shape'] as number[]);
    const high = Math.floor(position! / 2 ** 32);
    const n = sizeOf(y);
    if (n > 0)
      backend.wasm.randomNormal(
        backend.address(y),
        n,
        position! | 0,
        high,
        key0! | 0,
        key1! | 0,
        mean!,
        stddev!,
      );
    return y;
  },
};
