import { classIntoLatent, projection } from '@ganloom/conditional';
import { resnet } from '@ganloom/models';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  checkConditioning,
  disposeGame,
  LATENT,
  tinyBatch,
  tinyGame,
} from '../../../test/check-conditioning';

const image = { height: 8, width: 8, channels: 1 };

/** With the halves of other pairs, and residual networks. */
const pair = (by: 'product' | 'sum') => ({
  name: `projection-${by}`,
  generator: classIntoLatent({ by }),
  discriminator: projection().discriminator,
  architecture: resnet({ image, latentSize: LATENT, filters: 4 }),
});

describe.each(['product', 'sum'] as const)('by %s', (by) => {
  it('is one half of a conditioning', () => checkConditioning(pair(by)));

  it('changes the latent by a vector of the class, and leaves the body as it is', () => {
    const game = tinyGame(pair(by));
    const generator = game.generator.models['generator']!;
    tf.tidy(() => {
      const latents = tf.randomNormal([3, LATENT], 0, 1, 'float32', 1);
      const { labels } = tinyBatch([2, 0, 1]);
      const vectors = generator.getLayer('class_vector_table').getWeights()[0] as tf.Tensor2D;
      const own = tf.gather(vectors, labels);
      const seen = tf
        .model({
          inputs: generator.inputs,
          outputs: generator.getLayer('latent_of_class').output as tf.SymbolicTensor,
        })
        .predict([latents, tf.reshape(labels, [3, 1])]) as tf.Tensor;
      expect(seen).toBeAllclose(by === 'product' ? tf.mul(latents, own) : tf.add(latents, own));
    });
    expect(generator.getLayer('project').getWeights()[0]!.shape[0]).toBe(LATENT);
    disposeGame(game);
  });
});
