import '@ganloom/test-tools';
import type { Worker } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WasmBackend } from './backend';
import { WasmBackendError } from './errors';
import { BACKEND_NAME } from './kernels/kernel';
import { useWasm, wasmInfo } from './register';
import { restartWasm } from '../../test/restart-wasm';
import { runKernel } from './run-kernel';

beforeEach(async () => void (await restartWasm({ threads: 2 })));
afterAll(() => tf.removeBackend(BACKEND_NAME));

const backend = () => tf.backend() as WasmBackend;

/** A product of two threads' work is right. */
function expectWorks() {
  const sum = tf.tidy(() => tf.sum(tf.matMul(tf.ones([200, 100]), tf.ones([100, 200]))));
  expect(sum).toBeAllclose([4_000_000]);
  sum.dispose();
}

function errorOf(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

describe('out of memory', () => {
  it('in work space names the operation, and frees the output made before', () => {
    // 1069² places × 1024 taps × 4 bytes are more than 4 GiB.
    const x = tf.ones([1, 1100, 1100, 1]) as tf.Tensor4D;
    const filter = tf.ones([32, 32, 1, 1]) as tf.Tensor4D;
    const before = { used: wasmInfo()!.usedBytes, tensors: tf.memory().numTensors };
    const error = errorOf(() => tf.conv2d(x, filter, 1, 'valid'));
    expect(WasmBackendError.isInstance(error)).toBe(true);
    expect(error.message).toMatch(
      /out of memory: \d+ MiB more are needed .*dispose tensors \(tf\.tidy\), or use a smaller batch \(for \d+ bytes of work space\), in Conv2D of float32 \[1,1100,1100,1\], float32 \[32,32,1,1\]$/,
    );
    expect({ used: wasmInfo()!.usedBytes, tensors: tf.memory().numTensors }).toEqual(before);
    expectWorks();
    tf.dispose([x, filter]);
  });

  it('while a tensor moves here leaves it where it was', async () => {
    await tf.setBackend('cpu');
    const x = tf.tensor1d([1, 2, 3]);
    await tf.setBackend(BACKEND_NAME);
    const allocate = vi.spyOn(backend().runtime.allocator, 'allocate').mockImplementation(() => {
      throw new WasmBackendError('full');
    });
    expect(() => tf.neg(x)).toThrow('full');
    allocate.mockRestore();
    const y = tf.neg(x);
    expect(y).toBeAllclose([-1, -2, -3]);
    tf.dispose([x, y]);
  });
});

describe('disposal', () => {
  it('disposes twice without harm', () => {
    const used = wasmInfo()!.usedBytes;
    const x = tf.ones([10, 10]);
    const view = x.reshape([100]);
    x.dispose();
    x.dispose();
    expect(tf.sum(view)).toBeAllclose([100]);
    const { dataId } = view;
    view.dispose();
    expect(backend().disposeData(dataId)).toBe(true);
    expect(backend().disposeData(dataId, true)).toBe(true);
    expect(backend().refCount(dataId)).toBe(0);
    // The sum above is still there.
    expect(wasmInfo()!.usedBytes - used).toBe(64);
  });

  it('says that a tensor was disposed before its use', () => {
    const x = tf.ones([3]);
    x.dispose();
    const y = tf.ones([3]);
    const used = wasmInfo()!.usedBytes;
    for (const use of [() => tf.neg(x), () => tf.add(y, x), () => tf.topk(x, 1)]) {
      expect(errorOf(use).message).toMatch(
        /^backend-wasm: a tensor was used after it had been disposed; dispose it later, or tf\.keep it/,
      );
    }
    expect(() => x.dataSync()).toThrow('Tensor is disposed');
    expect(wasmInfo()!.usedBytes).toBe(used);
    y.dispose();
  });

  it('frees what a kernel had made before it failed, but not what had come from elsewhere', async () => {
    await tf.setBackend('cpu');
    const x = tf.tensor1d([1, 2]);
    await tf.setBackend(BACKEND_NAME);
    const used = wasmInfo()!.usedBytes;
    const kernel = () => {
      backend().output([1000]);
      backend().makeTensorInfo([2], 'int32', Int32Array.of(1, 2));
      backend().address(x);
      throw new Error('half-way');
    };
    expect(() => runKernel('Test', { x }, backend(), kernel)).toThrow('half-way');
    expect(wasmInfo()!.usedBytes - used).toBe(64);
    expect(x).toBeAllclose([1, 2]);
    x.dispose();
    expect(wasmInfo()!.usedBytes).toBe(used);
  });
});

it('says that a dilated filter does not fit into the picture', () => {
  const [x, filter] = [tf.ones([3, 5, 5, 3]) as tf.Tensor4D, tf.ones([4, 3, 3, 16]) as tf.Tensor4D];
  expect(() => tf.conv2d(x, filter, 1, 'valid', 'NHWC', [2, 3])).toThrow(
    'backend-wasm: a filter of [4,3,3,16] with dilations [2,3] does not fit into pictures of [3,5,5,3]; pad them',
  );
  tf.dispose([x, filter]);
});

describe('several backends', () => {
  it.each<[tf.DataType, tf.Tensor['shape'], () => tf.Tensor, unknown[]]>([
    ['float32', [3], () => tf.tensor1d([1.5, -2, 0]), [1.5, -2, 0]],
    ['int32', [3], () => tf.tensor1d([1, -2, 2 ** 30], 'int32'), [1, -2, 2 ** 30]],
    ['bool', [3], () => tf.tensor1d([true, false, true], 'bool'), [1, 0, 1]],
    ['string', [2], () => tf.tensor1d(['ä', 'b']), ['ä', 'b']],
    ['float32', [0, 2], () => tf.zeros([0, 2]), []],
  ])('%s %j goes from cpu to here and back', async (dtype, shape, make, values) => {
    const used = wasmInfo()!.usedBytes;
    await tf.setBackend('cpu');
    const x = make();
    await tf.setBackend(BACKEND_NAME);
    const clones = [x.clone(), tf.concat([x, x])];
    const stillHere = [...clones[1]!.dataSync()];
    await tf.setBackend('cpu');
    const back = [x.clone(), clones[0]!.clone()];
    for (const tensor of back) {
      expect(tensor).toMatchObject({ dtype, shape });
      expect([...tensor.dataSync()]).toEqual(values);
    }
    expect(stillHere).toEqual([...values, ...values]);
    tf.dispose([x, clones, back]);
    await tf.setBackend(BACKEND_NAME);
    expect(wasmInfo()!.usedBytes).toBe(used);
  });

  // The stock cpu backend does not take complex numbers back.
  it('complex numbers come from cpu', async () => {
    await tf.setBackend('cpu');
    const x = tf.complex([1, 2], [3, 4]);
    await tf.setBackend(BACKEND_NAME);
    const y = tf.mul(x, x);
    expect([...y.dataSync()]).toEqual([-8, 6, -12, 16]);
    expect(tf.imag(x)).toBeAllclose([3, 4]);
    tf.dispose([x, y]);
  });

  it('computes with what another backend made, half-way through a program', async () => {
    const mask = tf.greater(tf.tensor1d([1, -1, 2]), 0);
    const index = tf.tensor1d([2, 1], 'int32');
    await tf.setBackend('cpu');
    const not = tf.logicalNot(mask);
    const next = tf.add(index, tf.scalar(0, 'int32'));
    await tf.setBackend(BACKEND_NAME);
    const picked = tf.gather(
      tf.where(not, tf.tensor1d([7, 7, 7]), tf.tensor1d([1, 2, 3])),
      next as tf.Tensor1D,
    );
    expect(picked).toBeAllclose([3, 7]);
    expect(tf.cast(not, 'float32')).toBeAllclose([0, 1, 0]);
    expect(tf.cast(mask, 'int32')).toBeAllclose([1, 0, 1]);
  });

  it('a tensor outlives its backend', async () => {
    const x = tf.tensor1d([1, 2, 3]);
    await restartWasm({ threads: 1 });
    const y = tf.square(x);
    expect(y).toBeAllclose([1, 4, 9]);
    expect(x).toBeAllclose([1, 2, 3]);
    tf.dispose([x, y]);
  });

  it('starting again with what was asked for is no error, though there was less', async () => {
    const info = await useWasm({ threads: 2 });
    backend().runtime.useOneThread('for this test');
    expect(await useWasm({ threads: 2 })).toMatchObject({
      threads: 1,
      threadsNote: 'for this test',
    });
    expect(info.threads).toBe(2);
    await expect(useWasm({ threads: 3 })).rejects.toThrow('runs already with threads 1');
  });
});

describe('a worker thread that dies', () => {
  it('while it sleeps: the backend goes on with one thread and says why', async () => {
    const node = process.getBuiltinModule('node:worker_threads');
    const made: Worker[] = [];
    const Original = node.Worker;
    node.Worker = class extends Original {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        made.push(this);
      }
    };
    await restartWasm({ threads: 3 }).finally(() => (node.Worker = Original));
    expect(wasmInfo()).toMatchObject({ threads: 3 });
    expect(made.length).toBe(2);
    await made[0]!.terminate();
    expectWorks();
    expect(wasmInfo()).toMatchObject({
      threads: 1,
      threadsNote: 'a worker thread died: it ended with exit code 1',
    });
  });

  it('in a kernel: one clear error, then the backend goes on with one thread', () => {
    const x = tf.ones([1000, 1000]);
    const address = vi.spyOn(backend(), 'address').mockReturnValue(2 ** 32 - 4096);
    const error = errorOf(() => tf.relu(x));
    address.mockRestore();
    expect(WasmBackendError.isInstance(error)).toBe(true);
    expect(error.message).toMatch(
      /^backend-wasm: Relu of float32 \[1000,1000\] stopped half-way \(.*\), here or in a worker thread; .* goes on with one thread$/,
    );
    expect(wasmInfo()).toMatchObject({ threads: 1 });
    expect(wasmInfo()!.threadsNote).toMatch(/^Relu of float32 \[1000,1000\] failed: /);
    for (let i = 0; i < 20; i++) expectWorks();
    expect(tf.sum(x)).toBeAllclose([1e6]);
  });
});
