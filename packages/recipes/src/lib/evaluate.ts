import { type Dataset, imageShapeOf, RandomStream, UsageError } from '@ganloom/core';
import { labelRows } from '@ganloom/conditional';
import { uint8Dataset } from '@ganloom/datasets';
import { accuracy, keptClassifier } from '@ganloom/metrics';
import { putJson, type Store } from '@ganloom/storage';
import type { PicturesNeed } from './data-need';
import { labeled, splitEveryTenth } from './data-parts';
import { drawLatents, drawPictures } from './draw';
import { evaluations } from './evaluations';
import type { Host } from './host';
import { openNeed } from './open-need';
import type { SavedGenerator } from './saved-generator';

/** Where the evaluation of a run is kept. */
export const EVALUATION = 'evaluate.json';

export interface EvaluateOptions {
  /** Samples to draw, as many of each class; default 10,000. */
  readonly count?: number;
  /** Other samples for another seed; default 0. */
  readonly seed?: number;
  /** Samples at a time; default 100. */
  readonly batch?: number;
  /** Where trained classifiers are kept. */
  readonly cache: Store;
  readonly onProgress?: (done: number) => void;
}

/**
 * Draws samples and computes all {@link evaluations} that fit: what a classifier trained on real
 * pictures alone sees in them, and how far they are from real pictures that nobody was trained on.
 * Writes `evaluate.json` into the run. Leaves no tensor over.
 *
 * @throws UsageError if the data are not those of the run, or there are fewer samples than classes.
 */
export async function evaluateRun(
  run: Store,
  { model, sampler }: SavedGenerator,
  need: PicturesNeed,
  host: Host,
  { count = 10_000, seed = 0, batch = 100, cache, onProgress }: EvaluateOptions,
): Promise<void> {
  const { classNames } = sampler;
  const classes = classNames?.length ?? 0;
  if (count < classes) {
    throw new UsageError(`evaluate: count must be at least the ${classes} classes, got ${count}`);
  }
  const { train, test } = await splitsOf(need, host);
  if (classNames && train.classNames?.join('\n') !== classNames.join('\n')) {
    throw new UsageError(
      `evaluate: the data set ${train.name} has the classes ${train.classNames?.join(', ')}, ` +
        `but the run those of ${classNames.join(', ')}`,
    );
  }
  const classifier = train.classNames && (await keptClassifier(train, { cache, note: host.note }));
  const seen = classifier && {
    accuracy: await accuracy(classifier, test),
    trainedOn: train.name,
    testedOn: test.name,
    testSize: test.size,
  };
  if (seen) {
    const share = (100 * seen.accuracy).toFixed(2);
    host.say(`classifier: ${share} % of ${test.size} real pictures right (${test.name})`);
  }

  const random = RandomStream.fromSeed(seed).fork('evaluate');
  const latents = await drawLatents(sampler, count, random);
  const labels = classNames && labelRows(count, classes);
  const wishes = { count, latents, ...(labels && { labels }) };
  const { data: pixels } = await drawPictures(model, sampler, wishes, {
    batch,
    random: random.fork('layers'),
    ...(onProgress && { onProgress }),
  });
  const generated = uint8Dataset({
    name: 'generated',
    pixels,
    imageShape: imageShapeOf(train),
    ...(labels && { labels, classNames }),
  });
  const context = {
    generated,
    test,
    ...(classifier && { classifier }),
    ...(classNames && { classNames }),
  };
  const values: Record<string, unknown> = { count, seed };
  for (const { fits, compute } of evaluations) {
    if (!fits(context)) continue;
    const result = await compute(context);
    Object.assign(values, result.values);
    result.lines.forEach(host.say);
  }
  if (seen) values['classifier'] = seen;
  classifier?.dispose();
  await putJson(run, EVALUATION, values);
  host.say(`written: ${run.describe(EVALUATION)}`);
}

/** What a classifier learns from and what it is tested on: of a set without a test part, every tenth. */
async function splitsOf(
  need: PicturesNeed,
  host: Host,
): Promise<{ readonly train: Dataset; readonly test: Dataset }> {
  const random = RandomStream.fromSeed(0);
  const open = async (split: 'train' | 'test') => {
    const data = await openNeed({ ...need, split, classes: false }, host, random);
    return hasLabels(data) ? labeled(data) : data;
  };
  if (need.dataset.startsWith('folder:')) return splitEveryTenth(await open('train'));
  return { train: await open('train'), test: await open('test') };
}

function hasLabels(data: Dataset): boolean {
  return data.classNames !== undefined || 'labels' in data.shapes;
}
