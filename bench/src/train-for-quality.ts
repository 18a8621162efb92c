import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { GanloomError, RandomStream } from '@ganloom/core';
import { encodeNpy } from '@ganloom/storage';
import { mnist } from '@ganloom/datasets/node';
import { exponentialMovingAverage, train } from '@ganloom/training';
import { toPixels } from '@ganloom/images';
import { progress } from '@ganloom/cli';
import * as tf from '@tensorflow/tfjs';
import { dcganRecipe } from './dcgan-recipe';
import { peersFolder } from './files';
import { pytorchEnv } from './pytorch';

/** What both sides are to do. */
export interface QualityRecipe {
  readonly steps: number;
  readonly filters: number;
  readonly batch: number;
  /** Samples to draw. */
  readonly count: number;
  /** Decay of the generator's average, which is sampled; 0 samples the generator itself. */
  readonly ema: number;
  readonly threads: number;
}

/** Trains with our packages on the current backend and returns the samples as an `.npy` file. */
export async function trainOurs(recipe: QualityRecipe, seed: number): Promise<Uint8Array> {
  const random = RandomStream.fromSeed(seed);
  const data = await mnist({ split: 'train' });
  const variant = dcganRecipe({ filters: recipe.filters }, random);
  const own = variant.game.generator.models;
  const ema =
    recipe.ema > 0 ? await exponentialMovingAverage(own, { decay: recipe.ema }) : undefined;
  const bar = progress({ unit: `steps of ours, seed ${seed}`, total: recipe.steps });
  for await (const event of train(variant, data, {
    steps: recipe.steps,
    batchSize: recipe.batch,
    random: random.fork('training'),
    ...(ema && { ema }),
  })) {
    if (event.type === 'step') bar.update(event.step);
  }
  bar.stop();

  const latents = random.fork('samples');
  const pixels = new Uint8Array(recipe.count * 28 * 28);
  const atOnce = 500;
  for (let at = 0; at < recipe.count; at += atOnce) {
    const count = Math.min(atOnce, recipe.count - at);
    const images = tf.tidy(() => {
      // An unconditional game only counts the examples.
      const examples = { images: tf.zeros<tf.Rank.R4>([count, 28, 28, 1]) };
      const shown = variant.game.show!(examples, latents, ema?.models ?? own);
      return (shown as { pictures: tf.Tensor4D }).pictures;
    });
    pixels.set((await toPixels(images)).data, at * 28 * 28);
    images.dispose();
  }
  ema?.dispose();
  for (const player of [variant.game.generator, variant.game.discriminator]) {
    for (const model of Object.values(player.models)) model.dispose();
  }
  variant.optimizers.generator.dispose();
  variant.optimizers.discriminator?.dispose();
  return encodeNpy({ shape: [recipe.count, 28, 28, 1], data: pixels });
}

/** Trains `peers/dcgan.py` on the same pictures; it writes its samples to `file`. */
export async function trainInPytorch(
  python: string,
  recipe: QualityRecipe,
  seed: number,
  file: string,
): Promise<void> {
  const { pixels, size } = await mnist({ split: 'train' });
  const images = `${file}.idx`;
  const header = Buffer.alloc(16);
  [0x0803, size, 28, 28].forEach((value, i) => header.writeUInt32BE(value, 4 * i));
  await writeFile(images, Buffer.concat([header, pixels]));
  const { steps, filters, batch, count, ema, threads } = recipe;
  const settings = { images, out: file, steps, filters, batch, count, ema, threads, seed };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, `${value}`]);
  flags.push('--log-every', '10');
  const child = spawn(python, [join(peersFolder, 'dcgan.py'), 'train', ...flags], {
    env: pytorchEnv(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const bar = progress({ unit: `steps of PyTorch, seed ${seed}`, total: steps });
  for await (const line of createInterface({ input: child.stdout })) {
    const { step } = JSON.parse(line) as { step?: number };
    if (step !== undefined) bar.update(step);
  }
  bar.stop();
  const [code] = (await closed) as [number | null];
  await rm(images, { force: true });
  if (code !== 0) throw new GanloomError(`quality: PyTorch's training ended with ${code}`);
}
