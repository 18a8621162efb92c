import { declaredKernel, sizeOf } from './kernel';

/** The words are those of any Philox; the transform is Box–Muller in float32. */
export const randomNormal = declaredKernel('RandomNormal', ({ attrs, backend }) => {
  const { key0, key1, position, shape, mean, stddev } = attrs;
  const y = backend.output(shape);
  const high = Math.floor(position / 2 ** 32);
  const n = sizeOf(y);
  if (n > 0)
    backend.wasm.randomNormal(
      backend.address(y),
      n,
      position | 0,
      high,
      key0 | 0,
      key1 | 0,
      mean,
      stddev,
    );
  return y;
});
