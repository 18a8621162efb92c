import { backendNames, useBackend } from '@ganloom/backends';
import { GanloomError } from '@ganloom/core';
import { decodePicture } from '@ganloom/images/node';
import { upscaleBands } from '@ganloom/models';
import {
  backendOptions,
  choice,
  EXIT,
  integer,
  interruptSignal,
  type ProgramCommand,
  progress,
  required,
} from '@ganloom/cli';
import type * as tf from '@tensorflow/tfjs';
import { Option } from 'commander';
import { openRun, PHASES } from './run';
import { type UpscaleJob, upscaleJobs } from './upscale-jobs';
import { requireFits, writeBands } from './write-bands';

interface UpscaleSettings {
  readonly run: string;
  readonly out: string;
  readonly scale?: number;
  readonly phase: keyof typeof PHASES;
  readonly tile: number;
  readonly force: boolean;
  readonly backend: string;
  readonly threads?: number;
}

export const upscale: ProgramCommand = {
  name: 'upscale <picture>',
  description: 'enlarge a picture, or all pictures of a folder, with the generator of a run',
  options: [
    required('--run <folder>', 'run folder made by train'),
    required('--out <path>', 'file to write (.png, .jpg, .webp, .tif), or a folder for a folder'),
    integer('--scale <n>', 'the scale that the run was trained for (default: that)'),
    choice(
      '--phase <name>',
      'the sharp last generator, or the faithful one before',
      Object.keys(PHASES),
      'last',
    ),
    // Less than a third of a tile is computed twice.
    integer('--tile <n>', 'side of the tiles, in pixels of the input', 256),
    new Option('--force', 'replace what --out names').default(false),
    ...backendOptions(backendNames),
  ],
  run: (_, command) => upscaleRun(command.args[0]!, command.opts()),
};

/** Enlarges one picture after the other, each in tiles; broken ones are named and passed over. */
async function upscaleRun(input: string, settings: UpscaleSettings): Promise<number> {
  const { out, phase, force, backend, threads, tile } = settings;
  const run = await openRun(settings.run, settings.scale);
  const jobs = await upscaleJobs(input, out, force);
  await useBackend(backend, { ...(threads && { threads }) });
  const generator = await run.load(PHASES[phase]);

  const interrupt = interruptSignal();
  let failed = 0;
  for (const job of jobs) {
    if (interrupt.signal.aborted) break;
    try {
      await upscaleOne(job, generator, { ...run, tile, signal: interrupt.signal });
      if (!interrupt.signal.aborted) console.log(job.to);
    } catch (error) {
      if (interrupt.signal.aborted) break;
      if (jobs.length === 1 || !(error instanceof Error)) throw error;
      failed++;
      console.error(`warning: skipped ${job.from}: ${error.message.split('\n')[0]}`);
    }
  }
  interrupt.dispose();
  if (interrupt.signal.aborted) return EXIT.interrupted;
  if (failed > 0) console.error(`${failed} of ${jobs.length} pictures were skipped`);
  return failed > 0 ? EXIT.failed : EXIT.done;
}

async function upscaleOne(
  { from, to }: UpscaleJob,
  generator: tf.LayersModel,
  {
    scale,
    channels,
    tile,
    signal,
  }: { scale: number; channels: number; tile: number; signal: AbortSignal },
): Promise<void> {
  const picture = await decodePicture(from, { channels: channels as 1 | 3 }).catch(
    (error: Error) => {
      throw new GanloomError(`${from} cannot be decoded: ${error.message.split('\n')[0]}`);
    },
  );
  const { height, width } = picture;
  const size = { height: height * scale, width: width * scale, channels };
  requireFits(to, size);

  const shown = progress({ unit: 'pixels', total: height * width });
  const text = `${from}: ${width}×${height} to ${size.width}×${size.height}`;
  const bands = upscaleBands(generator, picture, {
    tile,
    onProgress(pixels) {
      shown.update(pixels, text);
      if (signal.aborted) throw new GanloomError('interrupted');
    },
  });
  try {
    await writeBands(to, size, bands);
  } finally {
    shown.stop();
  }
}
