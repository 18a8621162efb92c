import * as tf from '@tensorflow/tfjs';
import { nearestPixels } from './sampling';

export interface RotateAttrs {
  readonly radians: number;
  readonly fillValue: number | [number, number, number];
  readonly center: number | [number, number];
}

/** Rotates as `tf.image.rotateWithOffset` does, in operations that have gradients. */
export function rotate(image: tf.Tensor, { radians, fillValue, center }: RotateAttrs): tf.Tensor {
  const [batch, height, width, channels] = image.shape as [number, number, number, number];
  const [centerX, centerY] = tf.backend_util.getImageCenter(center, height, width);
  const [sine, cosine] = [Math.sin(radians), Math.cos(radians)];
  const at = (position: (x: number, y: number) => number) => {
    const values = Float32Array.from({ length: height * width }, (_, i) =>
      Math.round(position((i % width) - centerX, Math.floor(i / width) - centerY)),
    );
    return tf.tensor(values, [1, height, width]);
  };
  const positions = {
    picture: tf.reshape(tf.range(0, batch), [batch, 1, 1]),
    y: at((x, y) => x * sine + y * cosine + centerY),
    x: at((x, y) => x * cosine - y * sine + centerX),
  };
  // A fourth channel is opacity.
  const fill = (channel: number) =>
    typeof fillValue === 'number' ? fillValue : (fillValue[channel] ?? 255);
  const outside = tf.tensor(Float32Array.from({ length: channels }, (_, c) => fill(c)));
  return nearestPixels(image, positions, tf.reshape(outside, [1, 1, 1, channels]));
}
