import * as tf from '@tensorflow/tfjs';
import { useBackend } from '@ganloom/backends';
await useBackend('wasm', { threads: 1 });
for (const [x, k, n] of [
  [[4, 96, 96, 64], 9, 3],
  [[4, 48, 48, 32], 3, 3],
  [[16, 28, 28, 16], 3, 1],
]) {
  const dy = tf.randomNormal([...x.slice(0, 3), n]),
    w = tf.randomNormal([k, k, x[3], n]);
  const f = () =>
    tf
      .engine()
      .runKernel(
        'Conv2DBackpropInput',
        { dy, filter: w },
        { strides: 1, pad: 'same', dataFormat: 'NHWC', inputShape: x },
      );
  f();
  let best = 1e9;
  for (let i = 0; i < 6; i++) {
    const t = performance.now();
    const y = f();
    best = Math.min(best, performance.now() - t);
    y.dispose();
  }
  console.log(x, k, n, best.toFixed(1), 'ms', f().sum().dataSync()[0]);
}
process.exit(0);
