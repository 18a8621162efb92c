import { ganloomError, type RandomStream, type Sampler } from '@ganloom/core';
import { labelColumn } from '@ganloom/conditional';
import { latentStream } from '@ganloom/games';
import { forward } from '@ganloom/gradients';
import { type Pictures, toPixels } from '@ganloom/images';
import * as tf from '@tensorflow/tfjs';

/** What to draw: for each input of a generator that takes latents a row a sample, and labels. */
export interface Wishes {
  readonly count: number;
  /** `[count, …]` for each input of the kind `normal`, in order. */
  readonly latents: readonly Float32Array[];
  /** Class indices, where the generator takes some. */
  readonly labels?: Int32Array;
}

/** How samples are drawn. */
export interface DrawOptions {
  /** Samples at a time; default 100. No bit depends on it, unless layers take chances. */
  readonly batch?: number;
  /** For layers that take chances. */
  readonly random?: RandomStream;
  readonly onProgress?: (done: number) => void;
}

/** Latents of `count` samples from N(0, I), the first input's from the stream itself. */
export async function drawLatents(
  { inputs }: Sampler,
  count: number,
  random: RandomStream,
): Promise<Float32Array[]> {
  const latents: Float32Array[] = [];
  for (const input of inputs) {
    if (input.kind !== 'normal') continue;
    const drawn = latentStream(random, latents.length).normal([count, ...input.shape]);
    latents.push((await drawn.data<'float32'>()).slice());
    drawn.dispose();
  }
  return latents;
}

/** Gives the samples that a generator makes of wishes to `take`, some at a time; it disposes them. */
export async function drawBatches(
  generator: tf.LayersModel,
  sampler: Sampler,
  { count, latents, labels }: Wishes,
  take: (samples: tf.Tensor, from: number) => void | Promise<void>,
  { batch = 100, random, onProgress }: DrawOptions = {},
): Promise<void> {
  for (let from = 0; from < count; from += batch) {
    const to = Math.min(from + batch, count);
    const samples = tf.tidy(() => {
      let place = 0;
      const inputs = sampler.inputs.map((input) => {
        if (input.kind === 'class') {
          return labelColumn(labels!.subarray(from, to), input.classes);
        }
        const size = input.shape.reduce((product, d) => product * d, 1);
        const rows = latents[place++]!.subarray(from * size, to * size);
        return tf.tensor(rows, [to - from, ...input.shape]);
      });
      return forward(generator, inputs, {
        training: false,
        ...(random && { random: random.fork(`batch-${from}`) }),
      });
    });
    try {
      await take(samples, from);
    } finally {
      samples.dispose();
    }
    onProgress?.(to);
  }
}

/**
 * The pictures that a generator makes of wishes, as bytes.
 *
 * @throws GanloomError if it makes no pictures.
 */
export async function drawPictures(
  generator: tf.LayersModel,
  sampler: Sampler,
  wishes: Wishes,
  options: DrawOptions = {},
): Promise<Pictures> {
  const [, height, width, channels] = generator.outputs[0]!.shape as number[];
  if (generator.outputs[0]!.shape.length !== 4) {
    const expected = 'the generator must make pictures [batch, height, width, channels]';
    throw ganloomError('drawPictures', expected, generator.outputs[0]!.shape);
  }
  const size = height! * width! * channels!;
  const data = new Uint8Array(wishes.count * size);
  const take = async (samples: tf.Tensor, from: number) => {
    data.set((await toPixels(samples as tf.Tensor4D)).data, from * size);
  };
  await drawBatches(generator, sampler, wishes, take, options);
  return { data, shape: [wishes.count, height!, width!, channels!] };
}

/** The values of the samples that a generator makes of wishes, row by row. */
export async function drawValues(
  generator: tf.LayersModel,
  sampler: Sampler,
  wishes: Wishes,
  options: DrawOptions = {},
): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  const take = async (samples: tf.Tensor) => {
    parts.push((await samples.data<'float32'>()).slice());
  };
  await drawBatches(generator, sampler, wishes, take, options);
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
