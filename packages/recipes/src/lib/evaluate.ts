import { type Dataset, imageShapeOf, RandomStream, UsageError } from '@ganloom/core';
import { labelRows } from '@ganloom/conditional';
import { dataFingerprint, uint8Dataset } from '@ganloom/datasets';
import { accuracy, type ClassifierProgress, keptClassifier } from '@ganloom/metrics';
import { runNames } from '@ganloom/runs';
import { putJson, type Store } from '@ganloom/storage';
import type { PicturesNeed } from './data-need';
import { labeled, splitEveryTenth } from './data-parts';
import { drawLatents, drawPictures } from './draw';
import { evaluations } from './evaluations';
import type { Host } from './host';
import { openNeed } from './open-need';
import type { SavedGenerator } from './saved-generator';

/** Settings of {@link evaluateRun}. */
export interface EvaluateOptions {
  /** Samples to draw, as many of each class; default 10,000. */
  readonly count?: number;
  /** Other samples for another seed; default 0. */
  readonly seed?: number;
  /** Samples at a time; default 100. */
  readonly batch?: number;
  /** Where trained classifiers are kept. */
  readonly cache: Store;
  /** What the run was trained on, as `dataFingerprint` says; not checked if it is left out. */
  readonly fingerprint?: string;
  readonly onProgress?: (done: number) => void;
  /** While a classifier is trained, as that may take minutes. */
  readonly onTraining?: (progress: ClassifierProgress) => void;
}

/**
 * Draws samples and computes all {@link evaluations} that fit: what a classifier trained on real
 * pictures alone sees in them, and how far they are from real pictures of the test part. A set without
 * one, such as a folder, is split: the classifier learns from all but every tenth, and is tested on
 * those; the generator has learnt from all of them. Writes `evaluate.json` into the run. Leaves no
 * tensor over.
 *
 * @throws UsageError if the data are not those of the run, the generator's pictures are of another shape,
 *   or there are fewer samples than classes.
 */
export async function evaluateRun(
  run: Store,
  { model, sampler }: SavedGenerator,
  need: PicturesNeed,
  host: Host,
  options: EvaluateOptions,
): Promise<void> {
  const { count = 10_000, seed = 0, batch = 100, cache, onProgress, onTraining } = options;
  const { classNames } = sampler;
  const classes = classNames?.length ?? 0;
  if (count < classes) {
    throw new UsageError(`evaluate: count must be at least the ${classes} classes, got ${count}`);
  }
  const { train, test } = await splitsOf(need, host, options.fingerprint);
  if (classNames && train.classNames?.join('\n') !== classNames.join('\n')) {
    throw new UsageError(
      `evaluate: the data set ${train.name} has the classes ${train.classNames?.join(', ')}, ` +
        `but the run those of ${classNames.join(', ')}`,
    );
  }
  const drawn = model.outputs[0]!.shape.slice(1);
  const wanted = train.shapes['images'] ?? [];
  if (drawn.join() !== wanted.join()) {
    throw new UsageError(
      `evaluate: the data set ${train.name} has pictures of ${wanted.join('×')}, but the generator draws ` +
        `such of ${drawn.join('×')}; name the data that it was trained on`,
    );
  }
  const note = (line: string) => host.note(line);
  const classifier =
    train.classNames &&
    (await keptClassifier(train, { cache, note, ...(onTraining && { onProgress: onTraining }) }));
  try {
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
      for (const line of result.lines) host.say(line);
    }
    if (seen) values['classifier'] = seen;
    await putJson(run, runNames.evaluation, values);
    host.say(`written: ${run.describe(runNames.evaluation)}`);
  } finally {
    classifier?.dispose();
  }
}

/** What a classifier learns from and what it is tested on: of a set without a test part, every tenth. */
async function splitsOf(
  need: PicturesNeed,
  host: Host,
  fingerprint: string | undefined,
): Promise<{ readonly train: Dataset; readonly test: Dataset }> {
  const random = RandomStream.fromSeed(0);
  const open = async (split: 'train' | 'test') => {
    const data = await openNeed({ ...need, split, classes: false }, host, random);
    return hasLabels(data) ? labeled(data) : data;
  };
  const train = await open('train');
  // Classes without names have numbers here, and may have had none in training.
  const { classNames: _, ...nameless } = train;
  if (fingerprint !== undefined) {
    const found = [await dataFingerprint(train), await dataFingerprint(nameless)];
    if (!found.includes(fingerprint)) {
      throw new UsageError(
        `evaluate: the data set ${train.name} is not the one that the run was trained on; name that one, ` +
          'or put it back as it was',
      );
    }
  }
  const test = host.hasTestPart?.(need.dataset) ?? true;
  return test ? { train, test: await open('test') } : splitEveryTenth(train);
}

function hasLabels(data: Dataset): boolean {
  return data.classNames !== undefined || 'labels' in data.shapes;
}
