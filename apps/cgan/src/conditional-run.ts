import { UsageError } from '@ganloom/core';
import { labelColumn } from '@ganloom/conditional';
import { type Pictures, toPixels } from '@ganloom/images';
import { loadModel } from '@ganloom/storage';
import { diskStore } from '@ganloom/storage/node';
import { progress } from '@ganloom/cli';
import { readRunConfig, runNames } from '@ganloom/runs';
import * as tf from '@tensorflow/tfjs';
import type { DatasetSettings } from './labeled-dataset';

/** What a run folder of this program holds, as far as drawing needs it. */
export interface ConditionalRun {
  readonly dataset: DatasetSettings;
  readonly classNames: readonly string[];
  loadGenerator(): Promise<tf.LayersModel>;
}

/** Reads the run's settings; the generator only when it is asked for. */
export async function openRun(path: string): Promise<ConditionalRun> {
  const run = diskStore(path);
  const { settings, data } = await readRunConfig(run, 'cgan');
  const { classNames } = data ?? {};
  if (!Array.isArray(classNames) || classNames.length === 0) {
    const config = run.describe(runNames.config);
    throw new UsageError(`${config} must hold the names of the classes under data.classNames`);
  }
  return {
    dataset: settings as unknown as DatasetSettings,
    classNames,
    loadGenerator: () => loadModel(run.within(runNames.generator)),
  };
}

/** What to draw: a picture per row of latents. */
export interface Wishes {
  /** `[count, latentSize]` */
  readonly latents: Float32Array;
  readonly labels: Int32Array;
}

/** The pictures of a generator, `batch` at a time, showing how far it is. */
export async function draw(
  generator: tf.LayersModel,
  { latents, labels }: Wishes,
  { batch, classes }: { readonly batch: number; readonly classes: number },
): Promise<Pictures> {
  const count = labels.length;
  const latentSize = latentSizeOf(generator);
  const [, height, width, channels] = generator.outputs[0]!.shape as number[];
  const size = height! * width! * channels!;
  const data = new Uint8Array(count * size);
  const shown = progress({ unit: 'pictures', total: count });
  for (let from = 0; from < count; from += batch) {
    const to = Math.min(from + batch, count);
    const images = tf.tidy(() => {
      const rows = latents.subarray(from * latentSize, to * latentSize);
      const latent = tf.tensor2d(rows, [to - from, latentSize]);
      const label = labelColumn(labels.subarray(from, to), classes);
      return generator.apply([latent, label]) as tf.Tensor4D;
    });
    data.set((await toPixels(images)).data, from * size);
    images.dispose();
    shown.update(to);
  }
  shown.stop();
  return { data, shape: [count, height!, width!, channels!] };
}

export function latentSizeOf(generator: tf.LayersModel): number {
  return generator.inputs[0]!.shape[1]!;
}
