import { expectNoLeak } from '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { toPixels } from './to-pixels';

it('maps [−1, 1] to 0 … 255 and clips what lies outside', async () => {
  const images = tf.tensor4d([-2, -1, 0.1, 1, 3, -0.99], [1, 1, 6, 1]);
  await expectNoLeak(async () => {
    const { data, shape } = await toPixels(images);
    // 1.1 · 127.5 = 140.25; 0.01 · 127.5 = 1.275
    expect([...data]).toEqual([0, 0, 140, 255, 255, 1]);
    expect(shape).toEqual([1, 1, 6, 1]);
  });
  images.dispose();
});
