import type { RandomStream } from '@ganloom/core';
import * as tf from '@tensorflow/tfjs';

/** Gives `count` samples of a generator to `take`, some at a time; it disposes them. */
export async function drawSamples(
  generator: tf.LayersModel,
  count: number,
  random: RandomStream,
  take: (samples: tf.Tensor) => Promise<void>,
): Promise<void> {
  const AT_A_TIME = 500;
  const latentSize = generator.inputs[0]!.shape[1]!;
  for (let done = 0; done < count; done += AT_A_TIME) {
    const n = Math.min(AT_A_TIME, count - done);
    const samples = tf.tidy(
      () => generator.apply(random.normal([n, latentSize]), { training: false }) as tf.Tensor,
    );
    await take(samples).finally(() => samples.dispose());
  }
}
