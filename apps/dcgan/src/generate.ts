import { backendNames, useBackend } from '@ganloom/backends';
import { RandomStream } from '@ganloom/core';
import { encodeNpy, loadModel } from '@ganloom/storage';
import { toPixels } from '@ganloom/images';
import {
  backendOptions,
  EXIT,
  integer,
  pictureWriter,
  type ProgramCommand,
  progress,
  required,
} from '@ganloom/cli';
import { runNames } from '@ganloom/runs';
import { diskStore } from '@ganloom/storage/node';
import * as tf from '@tensorflow/tfjs';
import { Option } from 'commander';

export interface GenerateSettings {
  readonly run: string;
  readonly best: boolean;
  readonly out: string;
  readonly count: number;
  readonly seed: number;
  readonly batch: number;
  readonly force: boolean;
  readonly backend: string;
  readonly threads?: number;
}

export const generate: ProgramCommand<GenerateSettings> = {
  name: 'generate',
  description: 'draw pictures with the generator of a run',
  options: [
    required('--run <folder>', 'run folder made by train'),
    new Option('--best', 'with the best generator of a run with --patience, not the last').default(
      false,
    ),
    required('--out <path>', 'FILE.npy (uint8 [N,H,W,C]), FILE.png (a grid) or a folder'),
    new Option('--force', 'replace what --out names').default(false),
    integer('--count <n>', 'number of pictures', 100),
    integer('--seed <n>', 'other pictures for another seed', 0, { min: 0 }),
    integer('--batch <n>', 'pictures at a time', 100),
    ...backendOptions(backendNames),
  ],
  run: generateRun,
};

/** Draws `count` pictures with the generator of a run folder, wherever that is now. */
async function generateRun(settings: GenerateSettings): Promise<number> {
  const { out, count, batch, force, threads } = settings;
  const write = await pictureWriter(out, { encodeNpy, force });

  await useBackend(settings.backend, { ...(threads && { threads }) });
  const name = settings.best ? runNames.bestGenerator : runNames.generator;
  const generator = await loadModel(diskStore(settings.run).within(name));
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
