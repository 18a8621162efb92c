import * as tf from '@tensorflow/tfjs';
import { useBackend } from '@ganloom/backends';
import { srResNet } from '@ganloom/models';
import { RandomStream } from '@ganloom/core';
await useBackend('wasm', { threads: 1 });
const b = tf.backend();
const r = RandomStream.fromSeed(1);
const G = srResNet({ scale: 4, random: r });
const low = r.uniform([4, 24, 24, 3]),
  high = r.uniform([4, 96, 96, 3]);
const vars = G.trainableWeights.map((w) => w.read());
const alloc = b.runtime.allocator;
const step = () =>
  tf.tidy(() => {
    tf.variableGrads(() => {
      const y = G.apply(low, { training: true });
      console.log('after forward MB', (alloc.usedBytes / 2 ** 20).toFixed(0));
      return tf.losses.meanSquaredError(high, y);
    }, vars);
  });
step();
console.log(
  'peak MB',
  alloc.peakBytes / 2 ** 20,
  'memory',
  alloc.totalBytes / 2 ** 20,
  'rss',
  process.memoryUsage().rss / 2 ** 20,
);
// trace allocations over 5MB
const orig = alloc.allocate?.bind(alloc);
const seen = {};
const names = tf.getKernelsForBackend('ganloom-wasm');
let cur = '';
for (const k of names) {
  const f = k.kernelFunc;
  tf.unregisterKernel(k.kernelName, 'ganloom-wasm');
  tf.registerKernel({
    ...k,
    kernelFunc: (a) => {
      cur = k.kernelName;
      const u = alloc.usedBytes;
      const r = f(a);
      const d = alloc.usedBytes - u;
      if (d > 4e6) {
        seen[cur] ??= [0, 0];
        seen[cur][0] += d / 2 ** 20;
        seen[cur][1]++;
      }
      return r;
    },
  });
}
const ww = b.withWorkspace.bind(b);
b.withWorkspace = (n, f) => {
  if (n > 2e7) console.log(cur, (n / 2 ** 20).toFixed(0), 'MB');
  return ww(n, f);
};
step();
console.table(seen);
process.exit(0);
