import { extname, join } from 'node:path';
import { backendNames, useBackend } from '@ganloom/backends';
import { labelRows } from '@ganloom/conditional';
import { RandomStream, UsageError } from '@ganloom/core';
import { encodeNpy } from '@ganloom/storage';
import {
  backendOptions,
  EXIT,
  integer,
  pictureWriter,
  type ProgramCommand,
  required,
  requireFree,
  text,
} from '@ganloom/cli';
import { writeFileAtomic } from '@ganloom/storage/node';
import { Option } from 'commander';
import { draw, latentSizeOf, openRun, type Wishes } from './conditional-run';
import { interpolate } from './interpolate';
import { classNamed } from './labeled-dataset';

export interface GenerateSettings {
  readonly run: string;
  readonly out: string;
  readonly label?: string;
  readonly all: boolean;
  readonly interpolate: boolean;
  readonly count?: number;
  readonly seed: number;
  readonly batch: number;
  readonly force: boolean;
  readonly backend: string;
  readonly threads?: number;
}

export const generate: ProgramCommand<GenerateSettings> = {
  name: 'generate',
  description: 'draw pictures of the classes that you name, with the generator of a run',
  options: [
    required('--run <folder>', 'run folder made by train'),
    required('--out <path>', 'FILE.npy (uint8 [N,H,W,C]), FILE.png (a grid) or a folder'),
    text('--label <name>', 'class to draw (default: each in turn)'),
    new Option('--all', 'a row for each class, of the same latents').default(false),
    new Option('--interpolate', 'from one latent to another, in the row of each class').default(
      false,
    ),
    integer('--count <n>', 'pictures, or those in a row (default: 100, or 10 in a row)'),
    integer('--seed <n>', 'other pictures for another seed', 0, { min: 0 }),
    integer('--batch <n>', 'pictures at a time', 100),
    new Option('--force', 'replace what --out names').default(false),
    ...backendOptions(backendNames),
  ],
  run: generateRun,
};

/** Draws pictures with the generator of a run folder, wherever that is now. */
async function generateRun(settings: GenerateSettings): Promise<number> {
  const { out, force, batch, seed, threads } = settings;
  const inRows = settings.all || settings.interpolate;
  const { count = inRows ? 10 : 100 } = settings;
  if (settings.all && settings.label !== undefined) {
    throw new UsageError('--all draws every class and --label one; leave one of them out');
  }
  const { classNames, loadGenerator } = await openRun(settings.run);
  const label = settings.label === undefined ? undefined : classNamed(settings.label, classNames);
  const grid = inRows ? { grid: { columns: count } } : {};
  const write = await pictureWriter(out, { encodeNpy, force, ...grid });
  const labelsFile = labelsFileOf(out);
  if (labelsFile && !force) await requireFree(labelsFile);

  await useBackend(settings.backend, { ...(threads && { threads }) });
  const generator = await loadGenerator();
  const latentSize = latentSizeOf(generator);
  const random = RandomStream.fromSeed(seed).fork('generate');
  const latents = async (n: number) => {
    const drawn = random.normal([n, latentSize]);
    return (await drawn.data<'float32'>()).slice();
  };

  const classes = classNames.length;
  let wishes: Wishes;
  if (inRows) {
    const ends = settings.interpolate ? await latents(2) : undefined;
    const row = ends
      ? interpolate(ends.subarray(0, latentSize), ends.subarray(latentSize), count)
      : [await latents(count)];
    wishes = rows(row, label === undefined ? classNames.map((_, i) => i) : [label], count);
  } else {
    const labels =
      label === undefined ? labelRows(count, classes) : new Int32Array(count).fill(label);
    wishes = { latents: await latents(count), labels };
  }

  const pictures = await draw(generator, wishes, { batch, classes });
  await write(pictures);
  if (labelsFile) {
    const { labels } = wishes;
    await writeFileAtomic(labelsFile, encodeNpy({ data: labels, shape: [labels.length] }));
  }
  console.log(
    `${wishes.labels.length} pictures: ${out}${labelsFile ? `\nlabels: ${labelsFile}` : ''}`,
  );
  return EXIT.done;
}

/** The same latents for one class after the other. */
function rows(row: readonly Float32Array[], classes: readonly number[], count: number): Wishes {
  const one = row.flatMap((part) => [...part]);
  return {
    latents: Float32Array.from(classes.flatMap(() => one)),
    labels: Int32Array.from(classes.flatMap((label) => Array<number>(count).fill(label))),
  };
}

/** Where the classes of the pictures are written, int32 `[N]`: beside a `.npy`, or in the folder. */
function labelsFileOf(out: string): string | undefined {
  const ending = extname(out).toLowerCase();
  if (ending === '.npy') return `${out.slice(0, -ending.length)}.labels.npy`;
  return ending === '' ? join(out, 'labels.npy') : undefined;
}
