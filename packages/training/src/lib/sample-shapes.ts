import { GanloomError, type Sample } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/**
 * Checks that what real and fake samples both have is of one shape. A discriminator that takes any size,
 * or broadcasting, would let others pass.
 *
 * @throws GanloomError that names both shapes.
 */
export function requireSameShapes(real: Sample, fake: Sample): void {
  const [reals, fakes] = [membersOf(real), membersOf(fake)];
  for (const [name, { shape }] of Object.entries(reals)) {
    const other = fakes[name]?.shape;
    if (other === undefined || other.join() === shape.join()) continue;
    throw new GanloomError(
      `train: fakes must have the shape of what is real, ${name} [${shape.join(', ')}], got ` +
        `[${other.join(', ')}]; make the generator for the pictures of the data, or the data for it`,
    );
  }
}

function membersOf(sample: Sample): Readonly<Record<string, tf.Tensor>> {
  return sample instanceof tf.Tensor ? { samples: sample } : sample;
}
