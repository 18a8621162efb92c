import { latentInput } from '@ganloom/models';
import * as tf from '@tensorflow/tfjs';
import { conditionalBatchNorm } from './conditional-batch-norm';
import type { GeneratorConditioning } from './conditioning';
import { labelInput } from './networks';

/**
 * A generator that learns of the class through its normalizations alone: {@link conditionalBatchNorm}
 * in the place of batch normalization.
 *
 * Dumoulin, Shlens and Kudlur 2016 (arXiv 1610.07629), Miyato and Koyama 2018 (arXiv 1802.05637).
 */
export function classInNormalizations(): GeneratorConditioning {
  return {
    name: 'class-in-normalizations',
    network(architecture, classes) {
      const [latent, label] = [latentInput(architecture), labelInput()];
      const outputs = architecture.generator(latent, conditionalBatchNorm(label, classes));
      return tf.model({ name: 'generator', inputs: [latent, label], outputs });
    },
  };
}
