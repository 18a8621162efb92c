import { ganloomError, requireNumbers, sumOf } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';
import { type ContentOptions, type ContentTerm, picturesOf } from './content';

/** Settings of {@link perceptual}. */
export interface PerceptualOptions extends ContentOptions {
  /**
   * Features of pictures `[batch, height, width, channels]`: one map, or several. A network trained to
   * recognize things; it is not trained here.
   */
  readonly features: tf.LayersModel;
  /** From [−1, 1] to what the network was trained on; default: as it is. */
  readonly preprocess?: (images: tf.Tensor) => tf.Tensor;
}

/**
 * The distance of what a network sees in two pictures: Σₗ E (φₗ(G(x)) − φₗ(y))², the mean over each of
 * the network's outputs φₗ.
 *
 * Johnson et al. 2016 (arXiv 1603.08155); SRGAN (Ledig et al. 2017, arXiv 1609.04802) takes one output
 * of VGG-19. Cut a network to the layers you want by
 * `tf.model({ inputs: vgg.inputs, outputs: vgg.getLayer('block5_conv4').output })`.
 *
 * @throws UsageError if the weight is negative; `value` a GanloomError if the pictures do not fit the network or
 *   each other.
 */
export function perceptual({
  features,
  weight = 1,
  member = 'images',
  preprocess = (images) => images,
}: PerceptualOptions): ContentTerm {
  requireNumbers('perceptual', { weight }, { min: 0 });
  const see = (images: tf.Tensor): tf.Tensor[] => {
    const wanted = features.inputs[0]!.shape;
    const fits =
      images.rank === wanted.length &&
      wanted.every((side, d) => side === null || d === 0 || side === images.shape[d]);
    if (!fits) {
      throw ganloomError(
        'perceptual',
        `pictures must be [${wanted.map((side) => side ?? 'any')}], as the features' network takes`,
        images.shape,
        'give pictures of that size, or a network for any size',
      );
    }
    const seen = features.apply(preprocess(images), { training: false });
    return Array.isArray(seen) ? (seen as tf.Tensor[]) : [seen as tf.Tensor];
  };
  return {
    name: 'perceptual',
    player: 'generator',
    weight,
    value: ({ real, fake }) =>
      tf.tidy(() => {
        const [original, made] = picturesOf('perceptual', real, fake, member);
        const wanted = see(original);
        const distances = see(made).map((seen, i) =>
          tf.mean(tf.squaredDifference(seen, wanted[i]!)),
        );
        return sumOf(distances) as tf.Scalar;
      }),
  };
}
