import { ganloomError } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/** Settings of {@link fadeLayer}. */
export interface FadeLayerOptions {
  readonly name?: string;
}

/**
 * A layer without weights that leads from one tensor to another: of the inputs [old, new, share] it
 * makes
 *
 * old + share · (new − old)
 *
 * Karras et al. 2017 (arXiv 1710.10196), figure 2. Old and new have one shape; the share is one number
 * for the whole batch, `[1, …]` with as many dimensions or fewer. Right to any order.
 *
 * @throws GanloomError if old and new differ in shape.
 */
export function fadeLayer(options: FadeLayerOptions = {}): tf.layers.Layer {
  registerFade();
  return new Fade(options as tf.serialization.ConfigDict);
}

/** Lets `tf.loadLayersModel` read networks with a {@link fadeLayer}. */
export function registerFade(): void {
  tf.serialization.registerClass(Fade);
}

class Fade extends tf.layers.Layer {
  static readonly className = 'Fade';

  override computeOutputShape(shapes: tf.Shape[]): tf.Shape {
    const [before, after] = shapes as [tf.Shape, tf.Shape];
    if (before.join() !== after.join()) {
      const expected = `what is faded in must have the shape [${before.join(',')}] of what was there`;
      throw ganloomError('fadeLayer', expected, after);
    }
    return before;
  }

  override call(inputs: tf.Tensor[]): tf.Tensor {
    const [before, after, share] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor];
    return tf.tidy(() => tf.add(before, tf.mul(share, tf.sub(after, before))));
  }
}
