import { classifierProgress } from '@ganloom/cli';
import { stackedMnist, type Uint8Dataset } from '@ganloom/datasets';
import { mnist, type MnistOptions } from '@ganloom/datasets/node';
import { accuracy, classify, keptClassifier, modeCoverage } from '@ganloom/metrics';
import { dcgan } from '@ganloom/models';
import { diskStore } from '@ganloom/storage/node';
import { drawBatches, drawLatents } from '@ganloom/recipes';
import * as tf from '@tensorflow/tfjs';
import type { TargetKind } from './target';

const PICTURES = 128_000;
const SAMPLES = 26_000;
const AT_A_TIME = 500;
/** A quarter of the papers' width, for one core to train it within an hour. */
const FILTERS = 16;
/** Four layers on each side, as the papers have. */
const SMALLEST_MAP = 2;

export interface StackedMnistTargetOptions {
  /** Default: MNIST. */
  readonly load?: (options: MnistOptions) => Promise<Uint8Dataset>;
  /** Samples to measure; default 26,000. */
  readonly samples?: number;
}

/**
 * Three digits as the channels of a picture: the experiment of Srivastava et al. 2017 (VEEGAN, arXiv
 * 1705.07761) and Lin et al. 2018 (PacGAN, arXiv 1712.04086), who trained ten times as long. A
 * classifier of single digits, trained on the real ones, says what each channel shows.
 */
export function stackedMnistTarget({
  load = mnist,
  samples = SAMPLES,
}: StackedMnistTargetOptions = {}): TargetKind {
  const classifierOf = (digits: Uint8Dataset, cache: string) =>
    keptClassifier(digits, {
      cache: diskStore(cache),
      note: (line) => console.error(line),
      onProgress: classifierProgress(),
    });
  return {
    defaults: {
      steps: 10_000,
      batch: 64,
      packing: 1,
      learningRate: 2e-4,
      discriminatorLearningRate: 2e-4,
      decay: 'none',
      beta1: 0.5,
      beta2: 0.999,
      ema: 0,
      gamma: 1,
      gammaEnd: 1,
      penaltyEvery: 4,
      filters: FILTERS,
    },
    pictures: true,
    async prepare({ cache }) {
      const classifier = await classifierOf(await load({ split: 'train' }), cache);
      const test = await load({ split: 'test' });
      const right = await accuracy(classifier, test);
      classifier.dispose();
      console.error(`classifier: ${(100 * right).toFixed(2)} % of ${test.size} real digits right`);
    },
    make: ({ filters = FILTERS, cache }) => ({
      architecture: dcgan({
        image: { height: 28, width: 28, channels: 3 },
        filters,
        smallest: SMALLEST_MAP,
      }),
      real: 'images',
      shown: 100,
      data: async (random) =>
        stackedMnist(await load({ split: 'train' }), { count: PICTURES, random }),
      withFrames: (game) => game,
      async measure(generator, random) {
        const digits = await load({ split: 'train' });
        const classes = digits.classNames!.length;
        const classifier = await classifierOf(digits, cache);
        const triples: number[] = [];
        const { model, sampler } = generator;
        const latents = await drawLatents(sampler, samples, random);
        const see = async (pictures: tf.Tensor) => {
          const seen = tf.tidy(() => {
            const [red, green, blue] = tf
              .split(pictures as tf.Tensor4D, 3, 3)
              .map((channel) => classify(classifier, channel as tf.Tensor4D));
            return red!.mul(classes).add(green!).mul(classes).add(blue!);
          });
          triples.push(...(await seen.data()));
          seen.dispose();
        };
        const wishes = { count: samples, latents };
        await drawBatches(model, sampler, wishes, see, { batch: AT_A_TIME });
        classifier.dispose();
        const { covered, divergence } = modeCoverage(triples, classes ** 3);
        const digitsOf = (place: number) => {
          const counts = Array.from({ length: classes }, () => 0);
          for (const triple of triples) counts[Math.floor(triple / place) % classes]!++;
          return counts;
        };
        return {
          modes: covered,
          of: classes ** 3,
          divergence,
          samples,
          digits: [classes ** 2, classes, 1].map(digitsOf),
        };
      },
    }),
  };
}
