import {
  type Batch,
  type Game,
  type ImageShape,
  mapSample,
  pack,
  type Sample,
  requireCounts,
} from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/**
 * A game whose discriminator sees `degree` samples at once, all real or all fake, and says one thing
 * of them: fakes that are too much alike give themselves away.
 *
 * D(x₁, …, x_m) with the samples side by side in the channels; there are batch/m logits.
 *
 * Lin et al. 2017 (PacGAN), arXiv 1712.04086. The discriminator must be made for packs:
 * `discriminatorOf(architecture, { random, degree })` of `@ganloom/models`, or the `degree` of
 * `conditionalGame`; one of your own takes pictures of {@link packedShape}. Each tensor of a record, and of
 * the batch, is packed along its last dimension, by `pack` of `@ganloom/core`; a column of labels `[batch]`
 * becomes `[batch/m, m]`. What the critique says of each example besides, such as InfoGAN's codes, stands
 * side by side in its outputs too. To augment, wrap the packed game, so that each picture has chances of
 * its own. Penalties on gradients take a pack for one input, which it is to the discriminator.
 *
 * @throws UsageError if `degree` is no positive integer; GanloomError at a batch that it does not
 *   divide.
 */
export function packed<S extends Sample>(game: Game<S>, degree: number): Game<S> {
  requireCounts('packed', { degree });
  if (degree === 1) return game;
  return {
    ...game,
    name: `packed-${degree}(${game.name})`,
    packDegree: degree * (game.packDegree ?? 1),
    critique: (sample, batch, random) =>
      tf.tidy(() => game.critique(packAll(sample, degree), packAll(batch, degree), random)),
  };
}

/** The pictures that the discriminator of a {@link packed} game sees. */
export function packedShape(image: ImageShape, degree: number): ImageShape {
  requireCounts('packedShape', { degree });
  return { ...image, channels: image.channels * degree };
}

function packAll<T extends Sample | Batch>(sample: T, degree: number): T {
  return mapSample(sample, (tensor) => pack(tensor, degree));
}
