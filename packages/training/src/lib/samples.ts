import type { Game, Shown } from '@ganloom/core';
import { type Pictures, toPixels } from '@ganloom/images';
import * as tf from '@tensorflow/tfjs';

/** What a game shows of its samples, read back from the backend. */
export type Samples =
  | ({
      readonly kind: 'pictures';
      /** The class that each was asked to be, if the game asks for classes. */
      readonly labels?: Int32Array;
    } & Pictures)
  | {
      readonly kind: 'points';
      /** Row-major `[count, coordinates]`. */
      readonly data: Float32Array;
      readonly shape: readonly [count: number, coordinates: number];
    };

/** Draws what a game shows, and leaves no tensor over; undefined if it shows nothing. */
export async function samplesOf(
  game: Game,
  ...given: Parameters<NonNullable<Game['show']>>
): Promise<Samples | undefined> {
  if (!game.show) return undefined;
  const shown: Shown = tf.tidy(() => game.show!(...given) as Shown & tf.TensorContainerObject);
  try {
    if ('pictures' in shown) {
      const labels = shown.labels && (await shown.labels.data<'int32'>()).slice();
      const pictures = await toPixels(shown.pictures);
      return { kind: 'pictures', ...pictures, ...(labels && { labels }) };
    }
    const data = (await shown.points.data<'float32'>()).slice();
    return { kind: 'points', data, shape: shown.points.shape };
  } finally {
    tf.dispose(shown as unknown as tf.TensorContainer);
  }
}
