import * as tf from '@tensorflow/tfjs';
import { useWasm, type WasmInfo, type WasmOptions } from '@ganloom/backend-wasm';

/** What the program found; it is sent from a page to the tests. */
export interface Outcome {
  readonly info: WasmInfo;
  /** Largest difference of the cpu backend's gradients, relative to the largest of them. */
  readonly gradientError: number;
  /** Loss of each training step, and a checksum of all weights after the last. */
  readonly losses: number[];
  readonly checksum: string;
}

/**
 * The same in Node, in a page and in a Web Worker: gradients of a small network on this backend
 * and on cpu, then steps of Adam. All numbers come from a generator of integers, as Math.random and
 * the initializers differ from run to run, and Math.exp from engine to engine.
 */
export async function program(options: WasmOptions): Promise<Outcome> {
  const info = await useWasm(options);
  const network = smallNetwork();
  const images = fill([8, 12, 12, 8], 1);
  const targets = fill([8, 1], 2);
  const loss = () =>
    tf.tidy(() => {
      const logits = network.apply(images, { training: true }) as tf.Tensor;
      return tf.mean(tf.squaredDifference(logits, targets)) as tf.Scalar;
    });

  const actual = gradients(loss);
  await tf.setBackend('cpu');
  const expected = gradients(loss);
  await tf.setBackend('ganloom-wasm');
  const largest = Math.max(...expected.map(Math.abs));
  const gradientError = Math.max(...expected.map((g, i) => Math.abs(g - actual[i]!))) / largest;

  reset(network);
  const optimizer = tf.train.adam(1e-3, 0.5, 0.999, 1e-8);
  const losses: number[] = [];
  for (let step = 0; step < 5; step++) {
    const value = optimizer.minimize(loss, true)!;
    losses.push(value.dataSync()[0]!);
    value.dispose();
  }
  const checksum = fnv1a(network.weights.map((w) => w.read().dataSync()));
  optimizer.dispose();
  tf.dispose([images, targets]);
  network.dispose();
  return { info, gradientError, losses, checksum };
}

function smallNetwork(): tf.LayersModel {
  const network = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [12, 12, 8], filters: 24, kernelSize: 4, strides: 2 }),
      tf.layers.batchNormalization(),
      tf.layers.leakyReLU({ alpha: 0.2 }),
      tf.layers.conv2d({ filters: 16, kernelSize: 3, padding: 'same' }),
      tf.layers.batchNormalization(),
      tf.layers.reLU(),
      tf.layers.flatten(),
      tf.layers.dense({ units: 1 }),
    ],
  });
  reset(network);
  return network;
}

/** Gives every weight its first value. */
function reset(network: tf.LayersModel): void {
  tf.tidy(() => {
    const values = network.weights.map(({ shape, name }, i) => {
      const size = shape as number[];
      if (/gamma|variance/.test(name)) return tf.ones(size);
      return size.length === 1 ? tf.zeros(size) : tf.mul(fill(size, 10 + i), 0.1);
    });
    network.setWeights(values);
  });
}

/** Multiples of 1/128 from −1 to 1, by a linear congruential generator. */
function fill(shape: number[], seed: number): tf.Tensor {
  let state = seed;
  const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 24) / 128 - 1;
  });
  return tf.tensor(values, shape);
}

function gradients(loss: () => tf.Scalar): number[] {
  const { value, grads } = tf.variableGrads(loss);
  const values = Object.keys(grads)
    .sort()
    .flatMap((name) => [...grads[name]!.dataSync()]);
  tf.dispose([value, grads]);
  return values;
}

function fnv1a(arrays: readonly tf.TypedArray[]): string {
  let hash = 0x811c9dc5;
  for (const array of arrays) {
    for (const byte of new Uint8Array(array.buffer, array.byteOffset, array.byteLength)) {
      hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
    }
  }
  return hash.toString(16).padStart(8, '0');
}
