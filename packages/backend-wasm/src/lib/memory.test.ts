import '@ganloom/test-tools';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BACKEND_NAME } from './kernels/kernel';
import { createMemory, growMemory } from './memory';
import { wasmInfo } from './register';
import { restartWasm } from '../../test/restart-wasm';

const MEBIBYTE = 2 ** 20;
const Memory = WebAssembly.Memory;

/** An engine that grants what `grants` says. */
function engineThat(grants: (descriptor: WebAssembly.MemoryDescriptor) => boolean) {
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      if (!grants(descriptor)) throw new RangeError('could not allocate memory');
      super(descriptor);
    }
  };
}

let sharedProduct: number[];
beforeEach(async () => {
  await restartWasm({ threads: 1 });
  sharedProduct = product();
});
afterEach(() => {
  WebAssembly.Memory = Memory;
  tf.removeBackend(BACKEND_NAME);
});

/** Takes more memory than there is at first, and reads what was there before. */
function product(): number[] {
  const before = tf.range(0, 1000).reshape([10, 100]) as tf.Tensor2D;
  const large = tf.ones([3000, 4000]);
  const values = tf.tidy(() => [...tf.matMul(before, before, false, true).dataSync()]);
  tf.dispose([before, large]);
  return values;
}

it('can grow to 4 GiB where the engine grants that', () => {
  expect(wasmInfo()).toMatchObject({ memoryLimitBytes: 4096 * MEBIBYTE });
});

it.each([2048, 1024, 512, 256])('takes %i MiB where the engine grants no more', async (limit) => {
  engineThat(({ maximum }) => maximum! <= (limit * MEBIBYTE) / 65536);
  const info = await restartWasm({ threads: 2 });
  expect(info).toMatchObject({ threads: 2, memoryLimitBytes: limit * MEBIBYTE });
  expect(product()).toEqual(sharedProduct);
});

it('says how much there can be when there is no more', async () => {
  engineThat(({ maximum }) => maximum! <= 4096);
  await restartWasm({ threads: 1 });
  const { usedBytes } = wasmInfo()!;
  expect(() => tf.zeros([300, 1024, 256])).toThrow(
    /^backend-wasm: out of memory: \d+ MiB more are needed beyond the 32 MiB there are, and the engine's limit is 256 MiB; dispose tensors \(tf\.tidy\), or use a smaller batch \(for a float32 tensor of shape \[300,1024,256\]\)/,
  );
  expect(wasmInfo()!.usedBytes).toBe(usedBytes);
});

describe('where the engine refuses shared memory', () => {
  const refused = 'the engine refuses shared WebAssembly memory: could not allocate memory';

  it.each([1024, 512, 256])(
    'has %i MiB of its own, one thread, and the same values',
    async (limit) => {
      engineThat(({ shared, maximum }) => !shared && maximum! <= (limit * MEBIBYTE) / 65536);
      const info = await restartWasm({ threads: 2 });
      expect(info).toMatchObject({
        threads: 1,
        threadsNote: refused,
        // All of it from the start: views do not survive that such memory grows.
        memoryBytes: limit * MEBIBYTE,
        memoryLimitBytes: limit * MEBIBYTE,
      });
      expect(product()).toEqual(sharedProduct);
    },
  );

  it('says nothing of threads to who wants one', async () => {
    engineThat(({ shared }) => !shared);
    expect(await restartWasm({ threads: 1 })).not.toHaveProperty('threadsNote');
  });

  it('says that there is no more', () => {
    engineThat(({ shared, maximum }) => !shared && maximum! <= 4096);
    const memory = createMemory();
    expect(() => growMemory(memory, 1)).toThrow(
      "1 MiB more are needed beyond the 256 MiB there are, and the engine's limit is 256 MiB",
    );
  });
});

it('says what to do where the engine grants nothing', () => {
  engineThat(() => false);
  expect(createMemory).toThrow(
    'backend-wasm: the engine refuses to reserve 256 MiB of addresses for WebAssembly memory ' +
      "(could not allocate memory); raise the process's address limit (ulimit -v), or close other pages",
  );
});
