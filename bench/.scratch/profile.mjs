import * as tf from '@tensorflow/tfjs';
import { useWasm } from '@ganloom/backend-wasm';
import { latentGame, RandomStream } from '@ganloom/core';
import { nonSaturating } from '@ganloom/losses';
import { dcganDiscriminator, dcganGenerator } from '@ganloom/models';
import { adam, train } from '@ganloom/training';
import { uint8Dataset } from '@ganloom/datasets';
const threads = +(process.argv[2] || 1),
  filters = +(process.argv[3] || 64),
  steps = +(process.argv[4] || 10);
await useWasm({ threads });
const wall = process.argv[5] === 'wall';
const now = wall
  ? () => performance.now()
  : () => {
      const u = process.cpuUsage();
      return (u.user + u.system) / 1000;
    };
const acc = {};
let depth = 0,
  on = false;
for (const k of tf.getKernelsForBackend('ganloom-wasm')) {
  const f = k.kernelFunc;
  k.kernelFunc = (a) => {
    if (!on || depth) return f(a);
    depth++;
    const t = now();
    const r = f(a);
    const d = now() - t;
    depth--;
    const key =
      k.kernelName +
      (process.argv[6]
        ? ' ' +
          Object.values(a.inputs)
            .map((x) => (x ? '[' + x.shape + ']' : ''))
            .join(' ')
        : '');
    const e = (acc[key] ??= { n: 0, t: 0 });
    e.n++;
    e.t += d;
    return r;
  };
}
const random = RandomStream.fromSeed(0),
  image = { height: 28, width: 28, channels: 1 };
const variant = {
  name: 'x',
  game: latentGame({
    generator: dcganGenerator({ image, latentSize: 100, filters, random: random.fork('g') }),
    discriminator: dcganDiscriminator({ image, filters, random: random.fork('d') }),
  }),
  loss: nonSaturating(),
  optimizers: { generator: adam(), discriminator: adam() },
};
const data = uint8Dataset({
  name: 'n',
  pixels: Uint8Array.from(random.integers(256 * 784, 256)),
  imageShape: image,
});
const ev = train(variant, data, { steps: 1e9, batchSize: 64, random, log: { every: 1e9 } });
const step = async () => {
  while ((await ev.next()).value?.type !== 'step');
};
for (let i = 0; i < 4; i++) await step();
on = true;
const t0 = now(),
  w0 = performance.now();
for (let i = 0; i < steps; i++) await step();
const tot = now() - t0,
  w = performance.now() - w0;
on = false;
const rows = Object.entries(acc)
  .map(([k, e]) => [k, e.n / steps, e.t / steps])
  .sort((a, b) => b[2] - a[2]);
let s = 0;
for (const r of rows) {
  s += r[2];
}
for (const r of rows.slice(0, 40))
  console.log(r[0].padEnd(60), r[1].toFixed(1).padStart(6), r[2].toFixed(2).padStart(8) + 'ms');
console.log(
  'kernels',
  s.toFixed(1),
  'total',
  (tot / steps).toFixed(1),
  'wall',
  (w / steps).toFixed(1),
);
process.exit(0);
