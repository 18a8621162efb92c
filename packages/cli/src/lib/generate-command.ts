import { extname, join } from 'node:path';
import { useBackend } from '@ganloom/backends';
import {
  backendSettings,
  countOf,
  flag,
  generate,
  integer,
  loadSavedGenerator,
  planGenerate,
  type SettingsOf,
  text,
} from '@ganloom/recipes';
import { readRunConfig, runNames } from '@ganloom/runs';
import { encodeNpy } from '@ganloom/storage';
import { diskStore, writeFileAtomic } from '@ganloom/storage/node';
import { EXIT } from './exit-code';
import { pictureWriter, requireFree } from './picture-files';
import type { ProgramCommand } from './program';
import { progress } from './progress';
import { settingsCommand } from './settings-command';

const settings = {
  best: flag('with the best generator of the run, where one is kept, not the last'),
  label: text(undefined, 'class to draw (default: each in turn)'),
  all: flag('a row for each class, of the same latents'),
  interpolate: flag('from one latent to another, in a row for each class'),
  count: integer(undefined, 'pictures, or those in a row (default: 100, or 10 in a row)'),
  seed: integer(0, 'other pictures for another seed', { min: 0 }),
  batch: integer(100, 'pictures at a time'),
  force: flag('replace what --out names'),
  ...backendSettings(),
};

/** The command `generate` of a recipe whose generators draw from latents. */
export function generateCommand(app: string): ProgramCommand {
  return settingsCommand({
    name: 'generate',
    description: 'draw pictures with the generator of a run',
    places: {
      run: ['folder', 'run folder made by train'],
      out: ['path', 'FILE.npy (uint8 [N,H,W,C]), FILE.png (a grid) or a folder'],
    },
    settings,
    run: ({ run, out, ...read }) => generateInto(app, run, out, read),
  });
}

async function generateInto(
  app: string,
  folder: string,
  out: string,
  { best, force, backend, threads, ...options }: SettingsOf<typeof settings>,
): Promise<number> {
  const run = diskStore(folder);
  const { data } = await readRunConfig(run, app);
  const { count, inRows } = countOf(options);
  const write = await pictureWriter(out, {
    force,
    ...(inRows && { grid: { columns: count } }),
  });

  await useBackend(backend, { ...(threads && { threads }) });
  const place = run.within(best ? runNames.bestGenerator : runNames.generator);
  const { model, sampler } = await loadSavedGenerator(place, data.classNames);
  const planned = planGenerate(sampler, options);
  const labelsFile = sampler.classNames && labelsFileOf(out);
  if (labelsFile && !force) await requireFree(labelsFile);
  const rows =
    planned.inRows && planned.label === undefined ? (sampler.classNames?.length ?? 1) : 1;
  const shown = progress({ unit: 'pictures', total: count * rows });
  const { pictures, labels } = await generate(model, sampler, {
    ...options,
    count,
    onProgress: (done) => shown.update(done),
  }).finally(() => shown.stop());
  model.dispose();
  await write(pictures);
  console.log(`${pictures.shape[0]} pictures: ${out}`);
  if (labels && labelsFile) {
    await writeFileAtomic(labelsFile, encodeNpy({ data: labels, shape: [labels.length] }));
    console.log(`labels: ${labelsFile}`);
  }
  return EXIT.done;
}

/** Where the classes of the pictures are written, int32 `[N]`: beside a `.npy`, or in the folder. */
function labelsFileOf(out: string): string | undefined {
  const ending = extname(out).toLowerCase();
  if (ending === '.npy') return `${out.slice(0, -ending.length)}.labels.npy`;
  return ending === '' ? join(out, 'labels.npy') : undefined;
}
