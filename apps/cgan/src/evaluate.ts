import { join } from 'node:path';
import { backendNames, useBackend } from '@ganloom/backends';
import { labelRows } from '@ganloom/conditional';
import { RandomStream, UsageError } from '@ganloom/core';
import { uint8Dataset } from '@ganloom/datasets';
import { defaultCache, parseDataset } from '@ganloom/datasets/node';
import { accuracy, trainClassifier } from '@ganloom/metrics';
import {
  backendOptions,
  cachedClassifier,
  EXIT,
  integer,
  type ProgramCommand,
  required,
  text,
} from '@ganloom/cli';
import { diskStore, writeJson } from '@ganloom/storage/node';
import { draw, latentSizeOf, openRun } from './conditional-run';
import { confusionMatrix } from './confusion-matrix';
import { featureDistance } from './feature-distance';
import { loadSplits } from './labeled-dataset';

export interface EvaluateSettings {
  readonly run: string;
  readonly dataset?: string;
  readonly cache: string;
  readonly count: number;
  readonly seed: number;
  readonly batch: number;
  readonly backend: string;
  readonly threads?: number;
}

export const evaluate: ProgramCommand<EvaluateSettings> = {
  name: 'evaluate',
  description: 'count how many pictures a classifier takes for what they were asked to be',
  options: [
    required('--run <folder>', 'run folder made by train'),
    text(
      '--dataset <name>',
      'where the data are now (default: as in training)',
      undefined,
      parseDataset,
    ),
    text('--cache <folder>', 'where trained classifiers are kept', defaultCache()),
    integer('--count <n>', 'pictures to draw, as many of each class', 10_000),
    integer('--seed <n>', 'other pictures for another seed', 0, { min: 0 }),
    integer('--batch <n>', 'pictures at a time', 100),
    ...backendOptions(backendNames),
  ],
  run: evaluateRun,
};

/**
 * Asks for pictures of each class and lets a classifier, trained on real pictures alone, say what
 * they show. Writes `evaluate.json` into the run.
 */
async function evaluateRun(settings: EvaluateSettings): Promise<number> {
  const { run: path, cache, count, seed, batch, threads } = settings;
  const run = await openRun(path);
  const { classNames } = run;
  const classes = classNames.length;
  if (count < classes) {
    throw new UsageError(`--count must be at least the ${classes} classes, got ${count}`);
  }
  await useBackend(settings.backend, { ...(threads && { threads }) });
  const generator = await run.loadGenerator();
  const dataset = { ...run.dataset, ...(settings.dataset && { dataset: settings.dataset }) };
  const { train, test } = await loadSplits(dataset);
  if (train.classNames.join('\n') !== classNames.join('\n')) {
    throw new UsageError(
      `--dataset ${dataset.dataset} has the classes ${train.classNames.join(', ')}, ` +
        `but the run those of ${classNames.join(', ')}`,
    );
  }

  const classifier = await cachedClassifier(train, {
    cache: diskStore(cache),
    train: trainClassifier,
  });
  const real = await accuracy(classifier, test);
  console.log(`classifier: ${percent(real)} of ${test.size} real pictures right (${test.name})`);

  const latent = RandomStream.fromSeed(seed)
    .fork('evaluate')
    .normal([count, latentSizeOf(generator)]);
  const latents = (await latent.data<'float32'>()).slice();
  latent.dispose();
  const labels = labelRows(count, classes);
  const { data: pixels } = await draw(generator, { latents, labels }, { batch, classes });
  const generated = uint8Dataset({
    name: 'generated',
    pixels,
    labels,
    imageShape: train.imageShape,
    classNames,
  });
  const confusion = await confusionMatrix(classifier, generated, classes);
  const perClass = confusion.map((row, label) => row[label]! / row.reduce((sum, n) => sum + n, 0));
  const recognized = confusion.reduce((sum, row, label) => sum + row[label]!, 0) / count;

  const distance = await featureDistance(classifier, generated, test);

  console.log(`generated:  ${percent(recognized)} of ${count} pictures recognized as asked`);
  classNames.forEach((name, label) => console.log(`  ${name}: ${percent(perClass[label]!)}`));
  console.log(`Fréchet distance of features to the real test pictures: ${distance.toFixed(2)}`);
  const file = join(path, 'evaluate.json');
  await writeJson(file, {
    count,
    seed,
    recognized,
    perClass: Object.fromEntries(classNames.map((name, label) => [name, perClass[label]])),
    /** `confusion[asked][seen]` */
    confusion,
    /** Of the classifier's features, generated to real test pictures. */
    frechetDistance: distance,
    classifier: { accuracy: real, trainedOn: train.name, testedOn: test.name, testSize: test.size },
  });
  console.log(`written: ${file}`);
  return EXIT.done;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
