import { basename, join, resolve } from 'node:path';
import { useBackend } from '@ganloom/backends';
import { GanloomError } from '@ganloom/core';
import { imageGrid, imresize, type Picture } from '@ganloom/images';
import { psnr, ssim } from '@ganloom/metrics';
import { upscale } from '@ganloom/models';
import { EXIT, progress, settingsCommand, writePng } from '@ganloom/cli';
import { backendSettings, integer, type SettingsOf, text } from '@ganloom/recipes';
import { runNames } from '@ganloom/runs';
import { diskStore, writeJson } from '@ganloom/storage/node';
import { openRun } from './run';
import { openTestSet, type TestPicture } from './test-set';

const settings = {
  out: text(undefined, 'for pictures and figures (default: RUN/evaluation/SET)', undefined, {
    hint: 'folder',
  }),
  scale: integer(undefined, 'the scale that the run was trained for (default: that)'),
  ...backendSettings(),
};

/** The command `evaluate`: PSNR and SSIM beside bicubic. */
export const evaluate = settingsCommand({
  name: 'evaluate',
  description: 'measure the generators of a run on test pictures, beside bicubic',
  places: {
    run: ['folder', 'run folder made by train'],
    set: ['folder', 'NAME_SRF_4_{HR,LR}.png pairs, or any pictures'],
  },
  settings,
  run: evaluateRun,
});

type EvaluateSettings = SettingsOf<typeof settings> & {
  readonly run: string;
  readonly set: string;
};

interface Metrics {
  /** Decibels, on Y, without a border as wide as the scale. */
  readonly psnr: number;
  readonly ssim: number;
}

interface Method {
  readonly name: string;
  enlarge(picture: TestPicture): Promise<Picture>;
}

/** Prints PSNR and SSIM of each picture and their means, and writes the pictures side by side. */
async function evaluateRun(given: EvaluateSettings): Promise<number> {
  const { backend, threads } = given;
  const run = await openRun(diskStore(given.run), given.scale);
  const { scale } = run;
  const channels = run.channels as 1 | 3;
  const skipped: string[] = [];
  const set = await openTestSet(given.set, { scale, channels }, (file, reason) => {
    skipped.push(file);
    console.error(`warning: skipped ${file}: ${reason}`);
  });
  const out = given.out ?? join(given.run, 'evaluation', basename(resolve(given.set)));
  await useBackend(backend, { ...(threads && { threads }) });

  const methods: Method[] = [bicubic];
  for (const name of run.generators) {
    const generator = await run.load(name);
    methods.push({ name, enlarge: ({ low }) => upscale(generator, low) });
  }

  const results: { name: string; metrics: Record<string, Metrics> }[] = [];
  const shown = progress({ unit: 'pictures', total: set.count });
  for await (const picture of set.pictures) {
    const metrics: Record<string, Metrics> = {};
    const enlarged: Picture[] = [];
    for (const { name, enlarge } of methods) {
      const high = await enlarge(picture);
      enlarged.push(high);
      metrics[name] = {
        psnr: psnr(high, picture.high, { border: scale }),
        ssim: ssim(high, picture.high, { border: scale }),
      };
    }
    await writePng(join(out, `${picture.name}.png`), sideBySide([...enlarged, picture.high]));
    results.push({ name: picture.name, metrics });
    shown.update(results.length);
  }
  shown.stop();
  if (results.length === 0) throw new GanloomError(`--set ${given.set}: no picture could be used`);

  const names = methods.map(({ name }) => name);
  const mean = Object.fromEntries(
    names.map((name) => [name, meanOf(results.map(({ metrics }) => metrics[name]!))]),
  );
  await writeJson(join(out, runNames.evaluation), { scale, mean, pictures: results, skipped });
  printTable(names, [...results, { name: 'mean', metrics: mean }]);
  console.log(`side by side, ${names.join(', ')} and the original: ${out}`);
  return skipped.length > 0 ? EXIT.failed : EXIT.done;
}

/** In floating point between the passes, as the published baselines are. */
const bicubic: Method = {
  name: 'bicubic',
  enlarge: async ({ low, high }) =>
    imresize(low, { height: high.height, width: high.width }, { roundBetween: false }),
};

function meanOf(metrics: readonly Metrics[]): Metrics {
  const mean = (of: (one: Metrics) => number) =>
    metrics.reduce((sum, one) => sum + of(one), 0) / metrics.length;
  return { psnr: mean(({ psnr }) => psnr), ssim: mean(({ ssim }) => ssim) };
}

function printTable(
  names: readonly string[],
  rows: readonly { name: string; metrics: Readonly<Record<string, Metrics>> }[],
): void {
  const first = Math.max(...rows.map(({ name }) => name.length), 'PSNR-Y in dB / SSIM-Y'.length);
  const width = Math.max(...names.map((name) => name.length), 14);
  const line = (head: string, cells: readonly string[]) =>
    console.log([head.padEnd(first), ...cells.map((cell) => cell.padStart(width))].join('  '));
  line('PSNR-Y in dB / SSIM-Y', names);
  for (const { name, metrics } of rows) {
    line(
      name,
      names.map((method) => {
        const one = metrics[method]!;
        return `${one.psnr.toFixed(2)} / ${one.ssim.toFixed(4)}`;
      }),
    );
  }
}

/** A row of pictures of one size. */
function sideBySide(pictures: readonly Picture[]): Picture {
  const { height, width, channels } = pictures[0]!;
  const data = new Uint8Array(height * width * channels * pictures.length);
  pictures.forEach((picture, i) => data.set(picture.data, i * picture.data.length));
  const shape = [pictures.length, height, width, channels] as const;
  return imageGrid({ data, shape }, { columns: pictures.length, gap: 0 });
}
