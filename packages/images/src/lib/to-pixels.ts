import * as tf from '@tensorflow/tfjs';
import type { Pictures } from './picture';

/** Pictures in [−1, 1], `[count, height, width, channels]`, as bytes. Does not dispose them. */
export async function toPixels(images: tf.Tensor4D): Promise<Pictures> {
  const bytes = tf.tidy(() => images.add(1).mul(127.5).clipByValue(0, 255).round());
  try {
    return { data: Uint8Array.from(await bytes.data()), shape: images.shape };
  } finally {
    bytes.dispose();
  }
}
