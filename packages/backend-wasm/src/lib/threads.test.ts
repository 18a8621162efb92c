import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runKernel } from '@ganloom/kernels';
import * as tf from '@tensorflow/tfjs';
import { build } from 'tsup';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BACKEND_NAME } from './kernels/kernel';
import { useWasm, wasmInfo } from './register';
import { restartWasm } from '../../test/restart-wasm';

afterAll(() => tf.removeBackend(BACKEND_NAME));

/** Checksums of what every kind of kernel that splits work gives, at sizes that make many tasks. */
function program(): string[] {
  const bits = (t: tf.Tensor) => createHash('sha256').update(t.dataSync()).digest('hex');
  const outputs = tf.tidy(() => {
    const normal = (shape: number[], position: number) =>
      runKernel('RandomNormal', {}, { key0: 1, key1: 2, position, shape, mean: 0, stddev: 1 });
    const x = normal([6, 17, 15, 24], 0) as tf.Tensor4D;
    const filter = normal([4, 4, 24, 20], 50_000) as tf.Tensor4D;
    const a = normal([150, 700], 100_000);
    const b = normal([700, 90], 200_000);
    const conv = (p: tf.Tensor, q: tf.Tensor) =>
      tf.conv2d(p as tf.Tensor4D, q as tf.Tensor4D, 2, 'same');
    const square = (p: tf.Tensor, q: tf.Tensor) => tf.sum(tf.square(conv(p, q)));
    const [gamma, beta] = [tf.ones([24]) as tf.Tensor1D, tf.zeros([24]) as tf.Tensor1D];
    const norm = runKernel('BatchNormTraining', { x, gamma, beta }, { epsilon: 1e-5 });
    const many = normal([3, 19, 23, 40], 400_000) as tf.Tensor4D;
    const taps = normal([3, 3, 40, 2], 500_000) as tf.Tensor4D;
    const gradient = (op: (v: tf.Tensor4D) => tf.Tensor) =>
      tf.grad((v) => tf.sum(tf.square(op(v as tf.Tensor4D))))(many);
    const ids = tf.tensor1d([2, 0, 1], 'int32');
    const spread = [
      tf.depthwiseConv2d(many, taps, 1, 'same'),
      ...tf.grads((p, q) =>
        tf.sum(tf.square(tf.depthwiseConv2d(p as tf.Tensor4D, q as tf.Tensor4D, 2, 'same'))),
      )([many, taps]),
      gradient((v) => tf.maxPool(v, 3, 2, 'same')),
      gradient((v) => tf.avgPool(v, 3, 2, 'same')),
      gradient((v) => tf.image.resizeBilinear(v, [31, 40])),
      gradient((v) => tf.image.resizeNearestNeighbor(v, [38, 46])),
      gradient((v) => tf.gather(v, ids)),
      tf.softmax(many),
      tf.cumsum(many, 1),
      tf.argMax(many, 2),
      tf.prod(many, [0]),
      tf.pow(tf.abs(many), 1.5),
      tf.mirrorPad(
        many,
        [
          [0, 0],
          [3, 3],
          [3, 3],
          [0, 0],
        ],
        'reflect',
      ),
      tf.cast(many, 'int32'),
    ];
    return [
      x,
      ...spread,
      conv(x, filter),
      ...tf.grads((p, q) => square(p!, q!))([x, filter]),
      tf.matMul(a, b),
      tf.matMul(a, a, true),
      tf.sum(x, [0, 1, 2]),
      tf.sum(a),
      tf.tanh(x),
      tf.transpose(x, [3, 0, 2, 1]),
      ...norm,
    ];
  });
  const all = outputs.map(bits);
  tf.dispose(outputs);
  return all;
}

it('gives the same bits for any number of threads', async () => {
  await restartWasm({ threads: 1 });
  const alone = program();
  for (const threads of [2, 3, 5]) {
    await restartWasm({ threads });
    expect(wasmInfo()!.threads).toBe(threads);
    for (let repeat = 0; repeat < 3; repeat++) expect(program()).toEqual(alone);
  }
});

it('reports what it uses and refuses settings that come too late or make no sense', async () => {
  await restartWasm({ threads: 2, relaxedSimd: false });
  expect(wasmInfo()).toMatchObject({ threads: 2, relaxedSimd: false });
  await expect(useWasm({ threads: 2 })).resolves.toMatchObject({ threads: 2 });
  await expect(useWasm({ threads: 1 })).rejects.toThrow('the backend runs already with threads 2');
  for (const threads of [0, 1.5, 99]) {
    const message = `threads must be an integer from 1 to 16, got ${threads}`;
    await expect(useWasm({ threads })).rejects.toThrow(message);
  }
});

describe('a program that uses the backend', () => {
  const folder = mkdtempSync(fileURLToPath(new URL('../../.program-', import.meta.url)));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeAll(async () => {
    // As users have it: built, and run by plain Node.
    await build({
      entry: [fileURLToPath(new URL('../index.ts', import.meta.url))],
      outDir: folder,
      format: ['esm'],
      dts: false,
      config: false,
      silent: true,
    });
  });

  /** Runs a program in which two threads have just worked. */
  function runProgram(end: string) {
    const file = join(folder, 'program.mjs');
    writeFileSync(
      file,
      `import * as tf from '@tensorflow/tfjs';
       import { isMainThread, Worker } from 'node:worker_threads';
       import { useWasm } from './index.js';
       const train = async () => {
         for (;;) {
           tf.tidy(() => tf.matMul(x, x));
           await new Promise((r) => setImmediate(r));
         }
       };
       const { threads } = await useWasm({ threads: 2 });
       const x = tf.ones([300, 300]);
       console.log(threads, tf.matMul(x, x).dataSync()[7]);
       ${end}`,
    );
    return spawnSync(process.execPath, [file], { timeout: 60_000, encoding: 'utf8' });
  }

  it.each([
    ['ends when it has nothing left to do', '', 0],
    [
      'ends after its threads have gone to sleep',
      'await new Promise((r) => setTimeout(r, 300));',
      0,
    ],
    ['ends by process.exit', 'process.exit(3);', 3],
    ['ends by an uncaught error', 'throw new Error("no");', 1],
    ['ends by process.exit while it trains', 'setTimeout(() => process.exit(4), 50); train();', 4],
    [
      'ends by an unhandled rejection while it trains',
      'setTimeout(() => Promise.reject(new Error("no")), 50); train();',
      1,
    ],
    [
      'ends by a signal while it trains',
      'setTimeout(() => process.kill(process.pid, "SIGTERM"), 50); train();',
      'SIGTERM',
    ],
    ['ends after its backend was removed', 'tf.removeBackend("ganloom-wasm");', 0],
  ])('%s', (_, end, code) => {
    const { status, signal, stdout } = runProgram(end);
    expect(status ?? signal).toBe(code);
    expect(stdout).toBe('2 300\n');
  });

  // Kernels run without a pause in a thread of the program, which has threads of its own.
  const inThread = (end: string) =>
    `if (isMainThread) {
       const thread = new Worker(new URL(import.meta.url));
       thread.once('message', () => setTimeout(async () => { ${end} }, 50));
       thread.on('error', (error) => { console.log(error.message); process.exitCode = 6; });
     } else {
       const { parentPort } = await import('node:worker_threads');
       parentPort.postMessage('begun');
       parentPort.once('message', () => { throw new Error('told to fail'); });
       for (let i = 0; ; i++) {
         tf.tidy(() => tf.matMul(x, x));
         if (i % 100 === 0) await new Promise((r) => setImmediate(r));
       }
     }`;

  it.each([
    ['process.exit', 'process.exit(5);', 5, ''],
    ['terminating the thread', 'await thread.terminate(); process.exitCode = 2;', 2, ''],
    ['an error in the thread', 'thread.postMessage("fail");', 6, 'told to fail\n'],
  ])('ends by %s while kernels run in another thread', (_, end, code, output) => {
    const { status, signal, stdout } = runProgram(inThread(end));
    expect(status ?? signal).toBe(code);
    // Both threads have a backend of their own.
    expect(stdout).toBe(`2 300\n2 300\n${output}`);
  });
});
