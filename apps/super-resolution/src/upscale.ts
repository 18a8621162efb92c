import { useBackend } from '@ganloom/backends';
import { GanloomError } from '@ganloom/core';
import { decodePicture } from '@ganloom/images/node';
import { upscaleBands } from '@ganloom/models';
import { EXIT, interruptSignal, progress, settingsCommand } from '@ganloom/cli';
import { backendSettings, choice, flag, integer, type SettingsOf } from '@ganloom/recipes';
import { diskStore } from '@ganloom/storage/node';
import type * as tf from '@tensorflow/tfjs';
import { openRun, PHASES } from './run';
import { type UpscaleJob, upscaleJobs } from './upscale-jobs';
import { requireFits, writeBands } from './write-bands';

const settings = {
  scale: integer(undefined, 'the scale that the run was trained for (default: that)'),
  phase: choice(
    'last',
    'the sharp last generator, or the faithful one before',
    Object.keys(PHASES),
  ),
  // Less than a third of a tile is computed twice.
  tile: integer(256, 'side of the tiles, in pixels of the input'),
  force: flag('replace what --out names'),
  ...backendSettings(),
};

/** The command `upscale`. */
export const upscale = settingsCommand({
  name: 'upscale',
  operands: '<picture>',
  description: 'enlarge a picture, or all pictures of a folder, with the generator of a run',
  places: {
    run: ['folder', 'run folder made by train'],
    out: ['path', 'file to write (.png, .jpg, .webp, .tif), or a folder for a folder'],
  },
  settings,
  run: (given, [picture]) => upscaleRun(picture!, given),
});

type UpscaleSettings = SettingsOf<typeof settings> & { readonly run: string; readonly out: string };

/** Enlarges one picture after the other, each in tiles; broken ones are named and passed over. */
async function upscaleRun(input: string, given: UpscaleSettings): Promise<number> {
  const { out, phase, force, backend, threads, tile } = given;
  const run = await openRun(diskStore(given.run), given.scale);
  const jobs = await upscaleJobs(input, out, force);
  await useBackend(backend, { ...(threads && { threads }) });
  const generator = await run.load(PHASES[phase as keyof typeof PHASES]);

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
  const picture = await decodePicture(from, { channels: channels as 1 | 3 });
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
