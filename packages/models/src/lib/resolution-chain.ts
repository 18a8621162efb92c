import { type ImageShape, requireIntegers, UsageError } from '@ganloom/core';

/** Height and width from the picture down to the smallest feature map. */
export type ResolutionChain = readonly (readonly [height: number, width: number])[];

/** As in Radford et al. 2015 (4) and common MNIST nets (7). */
const SMALLEST = 7;

/**
 * The sizes that stride-2 convolutions with 'same' padding pass through: each half of the one before,
 * rounded up, until the larger side is at most `smallest`.
 *
 * @throws UsageError if a side is no integer of at least 4, or both are below 8; if `smallest` is no
 *   positive integer below the larger side.
 */
export function resolutionChain(
  where: string,
  image: ImageShape,
  smallest = SMALLEST,
): ResolutionChain {
  const { height, width, channels } = image;
  const size = `${height}×${width}×${channels}`;
  const whole = [height, width, channels].every((n) => Number.isSafeInteger(n) && n > 0);
  if (!whole || Math.min(height, width) < 4 || Math.max(height, width) < 8) {
    throw new UsageError(
      `${where}: pictures must be at least 8 pixels along one side and 4 along the other, with one ` +
        `channel or more, got ${size}; resize them`,
    );
  }
  requireIntegers(where, { smallest }, { min: 1, below: Math.max(height, width) });
  const chain: [number, number][] = [[height, width]];
  let [h, w] = [height, width];
  while (Math.max(h, w) > smallest) {
    [h, w] = [Math.ceil(h / 2), Math.ceil(w / 2)];
    chain.push([h, w]);
  }
  return chain;
}
