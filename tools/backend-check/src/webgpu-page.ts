import './page';
import { useBackend } from '@ganloom/backends';
import * as tf from '@tensorflow/tfjs';
import { trainedWeights } from './trainings';

export interface WebgpuAnswers {
  /** Storage buffers that a shader of the device can bind, and of the adapter. */
  readonly buffers: { readonly device: number; readonly adapter: number };
  /** An element of a sum of eight tensors of ones, and of a product that was computed before it. */
  readonly sum: { readonly of: number; readonly before: number };
  /** What is thrown after an error of the device, by what is done then. */
  readonly thrown: Readonly<Record<'read' | 'operation' | 'training', string>>;
  /** Input gradients of convolutions, by the loop over the filter and by the product of tiles. */
  readonly inputGradients: readonly { readonly naive: number[]; readonly tiles: number[] }[];
  /** Whether the loop is what `useBackend` chose. */
  readonly isNaive: boolean;
  /** A number read after the backend was started again. */
  readonly again: number;
  /** The same after its device was lost, and whether it has another one. */
  readonly afterLoss: { readonly number: number; readonly isAnother: boolean };
}

declare global {
  interface Window {
    webgpuAnswers(): Promise<WebgpuAnswers>;
  }
}

interface GpuDevice {
  readonly lost: Promise<unknown>;
  destroy(): void;
  readonly limits: { readonly maxStorageBuffersPerShaderStage: number };
  createBuffer(descriptor: { readonly size: number; readonly usage: number }): unknown;
}

const deviceOf = () => (tf.backend() as unknown as { device: GpuDevice }).device;

/** Asks for a buffer of a usage that there is not, of which only listeners of the device are told. */
const offend = () => void deviceOf().createBuffer({ size: 4, usage: 0xffffff });

/** Small integers, of which sums are exact in whatever order. */
const integers = (shape: number[]): tf.Tensor4D =>
  tf.tensor4d(
    Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => ((7 * i) % 5) - 2),
    shape as [number, number, number, number],
  );

/** With numbers of channels that are multiples of four, for which there are shaders of their own, and not. */
const CONVOLUTIONS = [
  { x: [2, 7, 7, 3], filter: [4, 4, 3, 5], stride: 2 },
  { x: [1, 8, 8, 4], filter: [3, 3, 4, 8], stride: 1 },
  { x: [2, 14, 14, 8], filter: [4, 4, 8, 16], stride: 2 },
];

async function inputGradients(): Promise<WebgpuAnswers['inputGradients']> {
  const flag = 'WEBGPU_USE_NAIVE_CONV2D_TRANSPOSE';
  const found = [];
  for (const { x, filter, stride } of CONVOLUTIONS) {
    const gradient = async (isNaive: boolean) => {
      tf.env().set(flag, isNaive);
      const slope = tf.tidy(() => {
        const w = integers(filter);
        return tf.grad((v) => tf.sum(tf.square(tf.conv2d(v as tf.Tensor4D, w, stride, 'same'))))(
          integers(x),
        );
      });
      const values = [...(await slope.data())];
      slope.dispose();
      return values;
    };
    found.push({ naive: await gradient(true), tiles: await gradient(false) });
  }
  return found;
}

async function elementOf(x: tf.Tensor): Promise<number> {
  const values = await x.data();
  x.dispose();
  return values[0]!;
}

/** What is thrown by the work that follows an error of the device. */
async function messageOf(work: () => Promise<unknown>): Promise<string> {
  offend();
  const message = await work().then(
    () => 'nothing was thrown',
    (error: Error) => error.message,
  );
  await useBackend('webgpu');
  return message;
}

window.webgpuAnswers = async () => {
  const { gpu } = navigator as unknown as {
    gpu: { requestAdapter(): Promise<Pick<GpuDevice, 'limits'>> };
  };
  const { limits } = await gpu.requestAdapter();
  const x = tf.ones([2000]);
  await x.data();
  const before = tf.mul(x, 3);
  const of = tf.tidy(() => tf.addN(Array.from({ length: 8 }, (_, i) => tf.mul(x, i + 1))));
  const sum = { before: await elementOf(before), of: await elementOf(of) };
  const isNaive = tf.env().getBool('WEBGPU_USE_NAIVE_CONV2D_TRANSPOSE');
  const gradients = await inputGradients();
  const pending = tf.mul(x, 2);
  const thrown = {
    read: await messageOf(() => pending.data()),
    operation: await messageOf(async () => {
      const read = tf.mul(x, 5);
      await read.data().catch(() => read.dispose());
      tf.mul(x, 2);
    }),
    training: await messageOf(() => trainedWeights('DCGAN')),
  };
  const again = await elementOf(tf.mul(x, 4));
  const device = deviceOf();
  device.destroy();
  await device.lost;
  await useBackend('webgpu');
  const afterLoss = {
    number: await elementOf(tf.mul(tf.ones([2000]), 6)),
    isAnother: deviceOf() !== device,
  };
  tf.dispose([x, pending]);
  return {
    buffers: {
      device: deviceOf().limits.maxStorageBuffersPerShaderStage,
      adapter: limits.maxStorageBuffersPerShaderStage,
    },
    sum,
    thrown,
    inputGradients: gradients,
    isNaive,
    again,
    afterLoss,
  };
};
