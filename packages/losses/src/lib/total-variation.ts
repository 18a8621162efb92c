import { ganloomError, memberOf, requireNumbers, type Schedule, type Term } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/** Settings of {@link totalVariation}. */
export interface TotalVariationOptions {
  /** A schedule is asked with the generator's updates made before. Default 1. */
  readonly weight?: number | Schedule;
  /** The pictures among a fake sample's members, if it is a record. Default `images`. */
  readonly member?: string;
}

/**
 * The total variation of fake pictures, which G keeps low where it would make noise:
 *
 * E |G(z)ᵢ₊₁,ⱼ − G(z)ᵢ,ⱼ| + E |G(z)ᵢ,ⱼ₊₁ − G(z)ᵢ,ⱼ|
 *
 * Rudin, Osher and Fatemi 1992; on the results of networks Johnson et al. 2016 (arXiv 1603.08155). Means
 * are over all pairs of neighbors, examples and channels.
 *
 * Pictures `[batch, height, width, channels]`, of at least 2×2 pixels.
 *
 * @throws UsageError if the weight is negative; `value` a GanloomError if the pictures are something else.
 */
export function totalVariation({
  weight = 1,
  member = 'images',
}: TotalVariationOptions = {}): Term {
  requireNumbers('totalVariation', { weight }, { min: 0 });
  return {
    name: 'total-variation',
    player: 'generator',
    weight,
    value: ({ fake }) =>
      tf.tidy(() => {
        const pictures = memberOf('totalVariation', fake, member);
        const [, height = 0, width = 0] = pictures.shape;
        if (pictures.rank !== 4 || height < 2 || width < 2) {
          throw ganloomError(
            'totalVariation',
            'pictures must be [batch, height, width, channels] of at least 2×2 pixels',
            pictures.shape,
          );
        }
        return tf.add<tf.Scalar>(roughness(pictures, 1), roughness(pictures, 2));
      }),
  };
}

/** The mean absolute difference of neighbors along an axis. */
function roughness(pictures: tf.Tensor, axis: 1 | 2): tf.Tensor {
  const side = pictures.shape[axis]!;
  const from = (start: number) => {
    const begin = [0, 0, 0, 0];
    begin[axis] = start;
    const size = [...pictures.shape];
    size[axis] = side - 1;
    return tf.slice(pictures, begin, size);
  };
  return tf.mean(tf.abs(tf.sub(from(1), from(0))));
}
