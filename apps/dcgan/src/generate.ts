import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { useBackend } from '@ganloom/backends';
import { RandomStream, UsageError } from '@ganloom/core';
import { encodeNpy } from '@ganloom/datasets';
import { imageGrid, type Pictures, toPixels } from '@ganloom/training';
import {
  EXIT,
  loadModel,
  progress,
  runFolder,
  writeFileAtomic,
  writePng,
} from '@ganloom/training/node';
import * as tf from '@tensorflow/tfjs';

export interface GenerateSettings {
  readonly run: string;
  readonly out: string;
  readonly count: number;
  readonly seed: number;
  readonly batch: number;
  readonly force: boolean;
  readonly backend: string;
  readonly threads?: number;
}

/** Draws `count` pictures with the generator of a run folder, wherever that is now. */
export async function generateRun(settings: GenerateSettings): Promise<number> {
  const { out, count, batch, threads } = settings;
  const write = writerFor(out);
  if (!settings.force) await requireFree(out);

  await useBackend(settings.backend, { ...(threads && { threads }) });
  const generator = await loadModel(runFolder(settings.run).generator);
  const latentSize = generator.inputs[0]!.shape[1]!;
  const [, height, width, channels] = generator.outputs[0]!.shape as number[];
  const shape = [count, height!, width!, channels!] as const;
  const data = new Uint8Array(count * height! * width! * channels!);

  const random = RandomStream.fromSeed(settings.seed).fork('generate');
  const shown = progress({ unit: 'pictures', total: count });
  let done = 0;
  while (done < count) {
    const n = Math.min(batch, count - done);
    const images = tf.tidy(() => generator.apply(random.normal([n, latentSize])) as tf.Tensor4D);
    const pixels = await toPixels(images);
    images.dispose();
    data.set(pixels.data, done * height! * width! * channels!);
    done += n;
    shown.update(done);
  }
  shown.stop();

  await write({ data, shape });
  console.log(`${count} pictures: ${out}`);
  return EXIT.done;
}

/** How to write what the path's ending asks for. */
function writerFor(out: string): (pictures: Pictures) => Promise<void> {
  const ending = extname(out).toLowerCase();
  if (ending === '.npy') return (pictures) => writeFileAtomic(out, encodeNpy(pictures));
  if (ending === '.png') return (pictures) => writePng(out, imageGrid(pictures));
  if (ending === '') return (pictures) => writeFolder(out, pictures);
  throw new UsageError(`--out must end in .npy or .png, or name a folder, got "${out}"`);
}

async function writeFolder(folder: string, { data, shape }: Pictures): Promise<void> {
  const [count, height, width, channels] = shape;
  const size = height * width * channels;
  for (let i = 0; i < count; i++) {
    const name = `${String(i).padStart(6, '0')}.png`;
    const one = data.subarray(i * size, (i + 1) * size);
    await writePng(join(folder, name), { data: one, height, width, channels });
  }
}

async function requireFree(out: string): Promise<void> {
  const found = await stat(out).catch(() => undefined);
  if (!found || (found.isDirectory() && (await readdir(out)).length === 0)) return;
  throw new UsageError(`--out ${out} exists already; choose another, or replace it with --force`);
}
